-- One row a rendition: the same record met as PDF and as page has two. A record that was withdrawn has none.
CREATE OR REPLACE VIEW current_renditions AS
SELECT r.*
FROM records AS r
JOIN current_batches AS b USING (batch_id)
ANTI JOIN withdrawn_records AS w ON w.record_id = r.record_id
QUALIFY row_number() OVER (PARTITION BY r.record_id, r.layout ORDER BY r.recorded_at DESC, r.row_id DESC) = 1;

-- One row a record: of its renditions the one that lists claims, else the latest.
CREATE OR REPLACE VIEW current_records AS
SELECT *
FROM current_renditions
QUALIFY row_number() OVER (
  PARTITION BY record_id ORDER BY (stated_claim_rows > 0) DESC, recorded_at DESC, row_id DESC
) = 1;

CREATE OR REPLACE VIEW current_references AS
SELECT f.*, r.record_id, r.cohort
FROM record_references AS f
JOIN current_batches AS b USING (batch_id)
JOIN current_records AS r ON r.record_version_id = f.record_version_id
QUALIFY row_number() OVER (PARTITION BY f.reference_id ORDER BY f.recorded_at DESC, f.row_id DESC) = 1;

-- Without those that came inside a withdrawn record: no word of these is held.
CREATE OR REPLACE VIEW current_sources AS
SELECT *
FROM sources
WHERE work IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY recorded_at DESC, row_id DESC) = 1;

CREATE OR REPLACE VIEW current_source_versions AS
SELECT v.*
FROM source_versions AS v
ANTI JOIN withdrawn_versions AS w ON w.source_version_id = v.source_version_id
QUALIFY row_number() OVER (PARTITION BY source_version_id ORDER BY recorded_at, text_sha256) = 1;

-- A work whose text was withdrawn stays a source of its records, without the text.
CREATE OR REPLACE VIEW current_record_sources AS
SELECT
  s.* REPLACE (
    CASE WHEN w.source_version_id IS NULL AND x.source_id IS NULL THEN s.source_version_id END AS source_version_id
  ),
  w.source_version_id IS NOT NULL OR x.source_id IS NOT NULL AS text_withdrawn,
  r.record_id,
  r.cohort
FROM record_sources AS s
JOIN current_batches AS b USING (batch_id)
JOIN current_records AS r ON r.record_version_id = s.record_version_id
LEFT JOIN withdrawn_versions AS w ON w.source_version_id = s.source_version_id
LEFT JOIN withdrawn_sources AS x ON x.source_id = s.source_id
QUALIFY row_number() OVER (PARTITION BY s.row_id ORDER BY s.recorded_at, s.batch_id) = 1;

CREATE OR REPLACE VIEW current_passages AS
SELECT p.*
FROM passages AS p
JOIN current_batches AS b USING (batch_id)
ANTI JOIN withdrawn_versions AS w ON w.source_version_id = p.source_version_id
QUALIFY row_number() OVER (PARTITION BY p.passage_id ORDER BY p.recorded_at, p.row_id) = 1;
