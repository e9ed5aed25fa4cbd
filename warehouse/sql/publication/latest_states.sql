-- The end of each record's chain of states: one that no other follows. Times alone do not order states that
-- one run wrote.
SELECT p.*
FROM public_states AS p
WHERE p.record_id IN (SELECT unnest($record_ids::VARCHAR[]))
  AND NOT EXISTS (
    SELECT 1 FROM public_states AS later WHERE later.record_id = p.record_id AND later.previous_id = p.state_id
  )
QUALIFY row_number() OVER (PARTITION BY p.record_id ORDER BY p.recorded_at DESC, p.state_id DESC) = 1;
