SELECT c.claim_id, c.record_id
FROM current_claims AS c
ANTI JOIN verdicts AS v USING (claim_id)
WHERE ($cohorts IS NULL OR list_contains($cohorts::VARCHAR[], c.cohort))
ORDER BY c.claim_id;
