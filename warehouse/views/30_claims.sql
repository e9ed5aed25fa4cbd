CREATE OR REPLACE VIEW current_claims AS
SELECT c.*, r.cohort
FROM claims AS c
JOIN current_batches AS b USING (batch_id)
JOIN current_records AS r ON r.record_version_id = c.record_version_id
QUALIFY row_number() OVER (PARTITION BY c.claim_id ORDER BY c.recorded_at DESC, c.row_id DESC) = 1;
