SELECT a.attempt_id, a.artifact_id, a.outcome
FROM attempts AS a
LEFT JOIN artifacts AS t ON t.artifact_id = a.artifact_id
WHERE t.artifact_id IS NULL
  OR a.claim_id IS DISTINCT FROM t.claim_id
  OR a.outcome IS NULL
  OR a.outcome NOT IN (
    'NOT_RUN', 'ATTEMPT_FAILED', 'INVALID_CHECK', 'NON_DETERMINISTIC', 'INCONCLUSIVE', 'DISPUTED', 'REFUTED', 'VERIFIED'
  )
  -- Only an authority, and only with a person's word on the artifact, may decide.
  OR (
    a.outcome IN ('VERIFIED', 'REFUTED')
    AND (
      a.backend_is_authority IS NOT TRUE
      OR NOT EXISTS (
        SELECT 1
        FROM approvals AS p
        WHERE p.artifact_id = a.artifact_id AND p.approved AND p.recorded_at <= a.recorded_at
      )
    )
  )
ORDER BY a.attempt_id;
