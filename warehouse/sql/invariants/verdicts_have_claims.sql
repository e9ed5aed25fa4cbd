SELECT v.verdict_id, v.claim_id
FROM verdicts AS v
ANTI JOIN claims AS c USING (claim_id)
ORDER BY v.verdict_id;
