CREATE OR REPLACE MACRO claims_of(record_ids) AS TABLE
SELECT c.*, r.cohort
FROM claims AS c
JOIN records_of(record_ids) AS r ON r.record_version_id = c.record_version_id
WHERE c.rowid IN (
  SELECT arg_max(one.rowid, (one.recorded_at, one.row_id))
  FROM claims AS one
  JOIN batches_of_records('claims', record_ids) AS b ON b.batch_id = one.batch_id
  JOIN records_of(record_ids) AS held ON held.record_version_id = one.record_version_id
  GROUP BY one.claim_id
);

CREATE OR REPLACE VIEW current_claims AS SELECT * FROM claims_of(NULL);
