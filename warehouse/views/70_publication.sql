-- The end of each record's chain of states: times alone do not order states that one run wrote.
CREATE OR REPLACE VIEW current_public_states AS
SELECT p.*
FROM public_states AS p
WHERE NOT EXISTS (
  SELECT 1 FROM public_states AS later WHERE later.record_id = p.record_id AND later.previous_id = p.state_id
)
QUALIFY row_number() OVER (PARTITION BY p.record_id ORDER BY p.recorded_at DESC, p.state_id DESC) = 1;

CREATE OR REPLACE MACRO manifests_of(record_ids) AS TABLE
SELECT *
FROM manifests
WHERE rowid IN (
  SELECT arg_max(rowid, (recorded_at, manifest_id))
  FROM manifests
  WHERE asked_for(record_id, record_ids)
  GROUP BY record_id
);

CREATE OR REPLACE VIEW current_manifests AS SELECT * FROM manifests_of(NULL);

-- A file that was removed from the site has no hash.
CREATE OR REPLACE VIEW current_pages AS
SELECT *
FROM pages
QUALIFY row_number() OVER (PARTITION BY path ORDER BY recorded_at DESC, page_id DESC) = 1 AND sha256 IS NOT NULL;

-- One row a record, for the invariants: each compared count comes from another table.
CREATE OR REPLACE VIEW record_summaries AS
SELECT
  r.record_id,
  r.cohort,
  b.row_count AS extracted,
  coalesce(v.supported, 0) AS supported,
  coalesce(v.refuted, 0) AS refuted,
  coalesce(v.not_enough_info, 0) AS not_enough_info,
  coalesce(v.disputed, 0) AS disputed,
  coalesce(v.not_checked, 0) AS not_checked,
  w.score,
  w.low,
  w.high
FROM current_records AS r
JOIN current_batches AS b ON b.stage = 'claims' AND b.subject_id = r.record_version_id
LEFT JOIN verdict_counts AS v ON v.record_id = r.record_id
LEFT JOIN current_reviews AS w ON w.record_id = r.record_id;
