CREATE OR REPLACE VIEW current_claims AS
SELECT c.*, r.cohort
FROM claims AS c
JOIN current_records AS r ON r.record_version_id = c.record_version_id
WHERE c.rowid IN (
  SELECT arg_max(one.rowid, (one.recorded_at, one.row_id))
  FROM claims AS one
  JOIN current_batches AS b ON b.stage = 'claims' AND b.batch_id = one.batch_id
  JOIN current_records AS r ON r.record_version_id = one.record_version_id
  GROUP BY one.claim_id
);
