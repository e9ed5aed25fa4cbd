SELECT verdict_id, claim_id, verdict, confidence
FROM verdicts
WHERE confidence < 0
   OR confidence > 1
   OR (confidence IS NOT NULL AND verdict = 'NOT_CHECKED')
ORDER BY verdict_id;
