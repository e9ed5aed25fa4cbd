-- What is in force of each table: the latest row of its key. The place of a row is found over the few columns that
-- decide, so that texts are read of the rows alone that are asked for; ranking whole rows reads them all.

-- One row a rendition: the same record met as PDF and as page has two. A record that was withdrawn has none.
CREATE OR REPLACE MACRO renditions_of(record_ids) AS TABLE
SELECT *, rowid AS place
FROM records
WHERE rowid IN (
  SELECT arg_max(r.rowid, (r.recorded_at, r.row_id))
  FROM records AS r
  JOIN batches_of('records', NULL) AS b ON b.batch_id = r.batch_id
  ANTI JOIN withdrawn_records AS w ON w.record_id = r.record_id
  WHERE asked_for(r.record_id, record_ids)
  GROUP BY r.record_id, r.layout
);

CREATE OR REPLACE VIEW current_renditions AS SELECT * FROM renditions_of(NULL);

-- One row a record: of its renditions the one that lists claims, else the latest.
CREATE OR REPLACE MACRO records_of(record_ids) AS TABLE
SELECT *
FROM records
WHERE rowid IN (
  SELECT arg_max(place, (coalesce(stated_claim_rows > 0, FALSE), recorded_at, row_id))
  FROM renditions_of(record_ids)
  GROUP BY record_id
);

CREATE OR REPLACE VIEW current_records AS SELECT * FROM records_of(NULL);

CREATE OR REPLACE MACRO references_of(record_ids) AS TABLE
SELECT f.*, r.record_id, r.cohort
FROM record_references AS f
JOIN records_of(record_ids) AS r ON r.record_version_id = f.record_version_id
WHERE f.rowid IN (
  SELECT arg_max(one.rowid, (one.recorded_at, one.row_id))
  FROM record_references AS one
  JOIN batches_of_records('references', record_ids) AS b ON b.batch_id = one.batch_id
  JOIN records_of(record_ids) AS held ON held.record_version_id = one.record_version_id
  GROUP BY one.reference_id
);

CREATE OR REPLACE VIEW current_references AS SELECT * FROM references_of(NULL);

-- Without those that came inside a withdrawn record: no word of these is held.
CREATE OR REPLACE MACRO sources_held(source_ids) AS TABLE
SELECT *
FROM sources
WHERE rowid IN (
  SELECT arg_max(rowid, (recorded_at, row_id))
  FROM sources
  WHERE work IS NOT NULL AND asked_for(source_id, source_ids)
  GROUP BY source_id
);

CREATE OR REPLACE VIEW current_sources AS SELECT * FROM sources_held(NULL);

CREATE OR REPLACE VIEW current_source_versions AS
SELECT *
FROM source_versions
WHERE rowid IN (
  SELECT arg_min(v.rowid, (v.recorded_at, v.text_sha256))
  FROM source_versions AS v
  ANTI JOIN withdrawn_versions AS w ON w.source_version_id = v.source_version_id
  GROUP BY v.source_version_id
);

-- A work whose text was withdrawn stays a source of its records, without the text.
CREATE OR REPLACE MACRO record_sources_of(record_ids) AS TABLE
SELECT
  s.* REPLACE (
    CASE WHEN w.source_version_id IS NULL AND x.source_id IS NULL THEN s.source_version_id END AS source_version_id
  ),
  w.source_version_id IS NOT NULL OR x.source_id IS NOT NULL AS text_withdrawn,
  r.record_id,
  r.cohort
FROM record_sources AS s
JOIN records_of(record_ids) AS r ON r.record_version_id = s.record_version_id
LEFT JOIN withdrawn_versions AS w ON w.source_version_id = s.source_version_id
LEFT JOIN withdrawn_sources AS x ON x.source_id = s.source_id
WHERE s.rowid IN (
  SELECT arg_min(one.rowid, (one.recorded_at, one.batch_id))
  FROM record_sources AS one
  JOIN batches_of_records('sources', record_ids) AS b ON b.batch_id = one.batch_id
  GROUP BY one.row_id
);

CREATE OR REPLACE VIEW current_record_sources AS SELECT * FROM record_sources_of(NULL);

CREATE OR REPLACE VIEW current_passages AS
SELECT *
FROM passages
WHERE rowid IN (
  SELECT arg_min(p.rowid, (p.recorded_at, p.row_id))
  FROM passages AS p
  JOIN current_batches AS b ON b.stage = 'passages' AND b.batch_id = p.batch_id
  ANTI JOIN withdrawn_versions AS w ON w.source_version_id = p.source_version_id
  GROUP BY p.passage_id
);
