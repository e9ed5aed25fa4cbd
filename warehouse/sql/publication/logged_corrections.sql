SELECT coalesce(record_id, '') AS record_id, correction_id, sequence, kind, previous_hash, hash, state_id, correction
FROM corrections
WHERE coalesce(record_id, '') IN (SELECT unnest($record_ids::VARCHAR[]))
ORDER BY record_id, sequence, correction_id;
