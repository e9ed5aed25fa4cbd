SELECT
  v.verdict_id, v.claim_id, v.fingerprint, v.verdict, v.confidence, v.reason, v.scope, v.conflict,
  v.probabilities, v.per_source, v.axes, v.backend, v.verifier_version, v.recorded_at
FROM verdicts AS v
JOIN current_claims AS c USING (claim_id)
WHERE c.record_id IN (SELECT unnest($record_ids::VARCHAR[]))
  AND ($as_of::TIMESTAMPTZ IS NULL OR v.recorded_at <= $as_of::TIMESTAMPTZ)
QUALIFY row_number() OVER (PARTITION BY v.claim_id ORDER BY v.recorded_at DESC, v.verdict_id DESC) = 1
ORDER BY v.claim_id;
