-- Of a withdrawn record the states hold no words any more.
SELECT
  coalesce(record_id, '') AS record_id, state_id, fingerprint, previous_id, state,
  record_id IN (SELECT record_id FROM withdrawn_records) AS withdrawn
FROM public_states
WHERE coalesce(record_id, '') IN (SELECT unnest($record_ids::VARCHAR[]))
ORDER BY record_id, recorded_at, state_id;
