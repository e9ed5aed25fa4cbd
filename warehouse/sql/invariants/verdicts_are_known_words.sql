SELECT verdict_id, claim_id, verdict
FROM (
  SELECT verdict_id, claim_id, verdict FROM verdicts
  UNION ALL
  SELECT adjudication_id, claim_id, verdict FROM adjudications
)
WHERE verdict IS NULL
   OR verdict NOT IN ('SUPPORTED', 'REFUTED', 'NOT_ENOUGH_INFO', 'DISPUTED', 'NOT_CHECKED')
ORDER BY verdict_id;
