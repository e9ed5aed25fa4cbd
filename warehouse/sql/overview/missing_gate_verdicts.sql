SELECT DISTINCT a.activation_id, r.cohort
FROM current_gate_activations AS a
CROSS JOIN current_records AS r
WHERE a.activation_id IN (SELECT unnest($activation_ids::VARCHAR[]))
  AND NOT EXISTS (
    SELECT 1
    FROM gate_verdicts AS g
    WHERE g.activation_id = a.activation_id
      AND g.record_id = r.record_id
  )
ORDER BY a.activation_id, r.cohort;
