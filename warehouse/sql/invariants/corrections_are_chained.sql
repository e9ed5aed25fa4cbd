-- The chain is recomputed, hash by hash, from these rows.
SELECT record_id, correction_id, sequence, kind, previous_hash, hash, correction
FROM corrections
ORDER BY record_id, sequence, correction_id;
