-- A thousandth is allowed for rounding.
SELECT verdict_id, claim_id, source_id, probabilities
FROM (
  SELECT verdict_id, claim_id, NULL AS source_id, json(probabilities) AS probabilities
  FROM verdicts
  WHERE probabilities IS NOT NULL
  UNION ALL
  SELECT s.verdict_id, s.claim_id, s.one ->> 'source_id' AS source_id, json_extract(s.one, '$.probabilities')
  FROM (SELECT verdict_id, claim_id, unnest(json_extract(per_source, '$[*]')) AS one FROM verdicts) AS s
  WHERE json_type(s.one, '$.probabilities') = 'OBJECT'
)
WHERE NOT coalesce(
  abs(
    (probabilities ->> 'supported')::DOUBLE + (probabilities ->> 'refuted')::DOUBLE
    + (probabilities ->> 'not_enough_info')::DOUBLE - 1
  ) <= 0.001,
  FALSE
)
ORDER BY verdict_id, source_id;
