CREATE OR REPLACE VIEW current_rigor_scans AS
SELECT *
FROM rigor_scans
WHERE rowid IN (
  SELECT arg_max(s.rowid, (s.recorded_at, s.row_id))
  FROM rigor_scans AS s
  JOIN current_batches AS b ON b.stage = 'rigor_scans' AND b.batch_id = s.batch_id
  ANTI JOIN withdrawn_versions AS w ON w.source_version_id = s.source_version_id
  GROUP BY s.source_version_id
);

CREATE OR REPLACE VIEW current_reviews AS
SELECT *
FROM reviews
WHERE rowid IN (SELECT arg_max(rowid, (recorded_at, review_id)) FROM reviews GROUP BY record_id);
