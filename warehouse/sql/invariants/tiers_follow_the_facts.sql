-- What the tier table implies, asked of the tables that hold the facts and not of the state that holds the tier.
WITH gate_2 AS (
  SELECT g.record_id, g.public_status
  FROM current_gate_verdicts AS g
  JOIN current_gate_activations AS a USING (activation_id)
  WHERE g.gate = 'gate-2'
    AND a.active_on <= $now::DATE
  QUALIFY row_number() OVER (PARTITION BY g.record_id ORDER BY a.active_on DESC, a.activation_id DESC) = 1
)
SELECT p.record_id, p.tier, s.score, s.supported, g.public_status
FROM current_public_states AS p
JOIN record_summaries AS s USING (record_id)
LEFT JOIN gate_2 AS g USING (record_id)
WHERE ($cohorts IS NULL OR list_contains($cohorts::VARCHAR[], s.cohort))
  AND (
    p.tier IS NULL
    OR (g.public_status = 'FALSIFIED' AND p.tier <> 'QUARANTINE_CANDIDATE')
    OR (coalesce(g.public_status, '') <> 'FALSIFIED' AND (s.score IS NULL) <> (p.tier = 'UNRATED'))
    OR (s.score < 5 AND p.tier <> 'QUARANTINE_CANDIDATE')
    OR (p.tier = 'DOI_GRADE' AND (s.score < 7.5 OR s.supported < 1))
    OR (
      p.tier = 'FLAGSHIP_CANDIDATE'
      AND (s.score < 8.5 OR s.supported < 5 OR g.public_status IS DISTINCT FROM 'VERIFIED')
    )
  )
ORDER BY p.record_id;
