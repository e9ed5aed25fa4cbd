-- DISPUTED may lack one: there is no labelled case to measure it on.
SELECT verdict_id, claim_id, verdict, confidence
FROM verdicts
WHERE confidence < 0
   OR confidence > 1
   OR (verdict = 'NOT_CHECKED' AND confidence IS NOT NULL)
   OR (verdict NOT IN ('NOT_CHECKED', 'DISPUTED') AND confidence IS NULL)
ORDER BY verdict_id;
