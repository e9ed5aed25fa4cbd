-- Which verdicts are in force is told by few columns; the others are read of these alone.
SELECT
  verdict_id, claim_id, fingerprint, verdict, confidence, reason, scope, conflict,
  probabilities, per_source, axes, backend, verifier_version, recorded_at
FROM verdicts
WHERE rowid IN (
  SELECT arg_max(v.rowid, (v.recorded_at, v.verdict_id))
  FROM verdicts AS v
  JOIN claims_of($record_ids) AS c USING (claim_id)
  WHERE $as_of::TIMESTAMPTZ IS NULL OR v.recorded_at <= $as_of::TIMESTAMPTZ
  GROUP BY v.claim_id
)
ORDER BY claim_id;
