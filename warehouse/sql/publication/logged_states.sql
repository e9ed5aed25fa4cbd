SELECT coalesce(record_id, '') AS record_id, state_id, fingerprint, previous_id, state
FROM public_states
WHERE coalesce(record_id, '') IN (SELECT unnest($record_ids::VARCHAR[]))
ORDER BY record_id, recorded_at, state_id;
