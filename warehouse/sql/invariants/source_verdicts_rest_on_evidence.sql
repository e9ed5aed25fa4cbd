-- The sentence may be one that is not quoted, since few are: then it stands in the feature table.
WITH said AS (
  SELECT
    s.verdict_id,
    s.claim_id,
    s.one ->> 'source_id' AS source_id,
    s.one ->> 'verdict' AS verdict,
    CASE s.one ->> 'verdict' WHEN 'SUPPORTED' THEN 'SUPPORTS' WHEN 'REFUTED' THEN 'REFUTES' END AS stance
  FROM (SELECT verdict_id, claim_id, unnest(json_extract(per_source, '$[*]')) AS one FROM verdicts) AS s
),
sentences AS (
  SELECT verdict_id, source_id, stance FROM evidence
  UNION ALL
  SELECT verdict_id, source_id, stance FROM sentence_features
)
SELECT s.verdict_id, s.claim_id, s.source_id, s.verdict
FROM said AS s
ANTI JOIN sentences AS e
  ON e.verdict_id = s.verdict_id AND e.source_id = s.source_id AND e.stance = s.stance
WHERE s.stance IS NOT NULL
ORDER BY s.verdict_id, s.source_id;
