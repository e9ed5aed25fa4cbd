-- What is in force of each table: the latest row of its key. The place of a row is found over the few columns that
-- decide, so that texts are read of the rows alone that are asked for; ranking whole rows reads them all.

-- One row a rendition: the same record met as PDF and as page has two.
CREATE OR REPLACE VIEW current_renditions AS
SELECT *, rowid AS place
FROM records
WHERE rowid IN (
  SELECT arg_max(r.rowid, (r.recorded_at, r.row_id))
  FROM records AS r
  JOIN current_batches AS b ON b.stage = 'records' AND b.batch_id = r.batch_id
  GROUP BY r.record_id, r.layout
);

-- One row a record: of its renditions the one that lists claims, else the latest.
CREATE OR REPLACE VIEW current_records AS
SELECT *
FROM records
WHERE rowid IN (
  SELECT arg_max(place, (coalesce(stated_claim_rows > 0, FALSE), recorded_at, row_id))
  FROM current_renditions
  GROUP BY record_id
);

CREATE OR REPLACE VIEW current_references AS
SELECT f.*, r.record_id, r.cohort
FROM record_references AS f
JOIN current_records AS r ON r.record_version_id = f.record_version_id
WHERE f.rowid IN (
  SELECT arg_max(one.rowid, (one.recorded_at, one.row_id))
  FROM record_references AS one
  JOIN current_batches AS b ON b.stage = 'references' AND b.batch_id = one.batch_id
  JOIN current_records AS r ON r.record_version_id = one.record_version_id
  GROUP BY one.reference_id
);

CREATE OR REPLACE VIEW current_sources AS
SELECT *
FROM sources
WHERE rowid IN (SELECT arg_max(rowid, (recorded_at, row_id)) FROM sources GROUP BY source_id);

CREATE OR REPLACE VIEW current_source_versions AS
SELECT *
FROM source_versions
WHERE rowid IN (SELECT arg_min(rowid, (recorded_at, text_sha256)) FROM source_versions GROUP BY source_version_id);

CREATE OR REPLACE VIEW current_record_sources AS
SELECT s.*, r.record_id, r.cohort
FROM record_sources AS s
JOIN current_records AS r ON r.record_version_id = s.record_version_id
WHERE s.rowid IN (
  SELECT arg_min(one.rowid, (one.recorded_at, one.batch_id))
  FROM record_sources AS one
  JOIN current_batches AS b ON b.stage = 'sources' AND b.batch_id = one.batch_id
  GROUP BY one.row_id
);

CREATE OR REPLACE VIEW current_passages AS
SELECT *
FROM passages
WHERE rowid IN (
  SELECT arg_min(p.rowid, (p.recorded_at, p.row_id))
  FROM passages AS p
  JOIN current_batches AS b ON b.stage = 'passages' AND b.batch_id = p.batch_id
  GROUP BY p.passage_id
);
