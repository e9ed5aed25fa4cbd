-- Verdicts that followed another on the same claim, by day (UTC), what was held before, and what after.
SELECT
  CAST(v.recorded_at AT TIME ZONE 'UTC' AS DATE) AS day,
  b.verdict AS before,
  v.verdict AS after,
  v.verifier_version IS NOT DISTINCT FROM b.verifier_version AND v.backend IS NOT DISTINCT FROM b.backend
    AS same_verifier,
  count(DISTINCT v.verdict_id) AS claims
FROM verdicts AS v
JOIN verdicts AS b ON b.verdict_id = v.previous_id
GROUP BY ALL
ORDER BY ALL;
