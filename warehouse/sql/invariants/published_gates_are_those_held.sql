-- A verdict and the correction it calls for are written together, so what is published of a gate is what is held.
SELECT g.record_id, a.activation_id, g.public_status, p.state_id
FROM current_gate_verdicts AS g
JOIN current_gate_activations AS a USING (activation_id)
JOIN current_public_states AS p USING (record_id)
WHERE ($cohorts IS NULL OR g.record_id IN (
    SELECT record_id FROM current_records WHERE list_contains($cohorts::VARCHAR[], cohort)
  ))
  AND coalesce(
    p.state -> 'ARTIFACT' ->> ('gate.' || g.activation_id || '.status'),
    p.state -> 'QUALITY_ASSESSMENT' ->> ('gate.' || g.activation_id || '.status')
  ) IS DISTINCT FROM g.public_status
ORDER BY g.record_id, g.activation_id;
