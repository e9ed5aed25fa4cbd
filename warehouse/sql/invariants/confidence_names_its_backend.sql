SELECT verdict_id, claim_id, confidence, backend, verifier_version
FROM verdicts
WHERE confidence IS NOT NULL
  AND (coalesce(trim(backend), '') = '' OR coalesce(trim(verifier_version), '') = '')
ORDER BY verdict_id;
