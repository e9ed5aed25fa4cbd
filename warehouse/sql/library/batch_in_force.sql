-- What was last found to be held under this digest; the fingerprint begins with the version of the terms.
SELECT batch_id, fingerprint
FROM batches
WHERE stage = 'library' AND subject_id = $digest
QUALIFY row_number() OVER (ORDER BY recorded_at DESC, batch_id DESC) = 1;
