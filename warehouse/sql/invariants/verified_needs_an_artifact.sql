SELECT g.gate_verdict_id, g.record_id, g.activation_id
FROM gate_verdicts AS g
WHERE (g.public_status = 'VERIFIED' OR g.outcome = 'VERIFIED')
  AND NOT EXISTS (
    SELECT 1
    FROM artifacts AS t
    JOIN attempts AS a USING (artifact_id)
    WHERE t.record_id = g.record_id
      AND length(t.sha256) = 64
      AND a.outcome = 'VERIFIED'
      AND a.backend_is_authority
  )
ORDER BY g.gate_verdict_id;
