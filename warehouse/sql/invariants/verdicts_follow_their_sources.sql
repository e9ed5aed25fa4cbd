-- A back end that does not judge source by source leaves the list empty, and is not asked.
WITH counted AS (
  SELECT
    verdict_id,
    count(*) FILTER (WHERE one ->> 'verdict' = 'SUPPORTED') AS supporting,
    count(*) FILTER (WHERE one ->> 'verdict' = 'REFUTED') AS refuting
  FROM (SELECT verdict_id, unnest(json_extract(per_source, '$[*]')) AS one FROM verdicts)
  GROUP BY verdict_id
)
SELECT v.verdict_id, v.claim_id, v.verdict, c.supporting, c.refuting
FROM verdicts AS v
JOIN counted AS c USING (verdict_id)
WHERE (v.verdict IN ('SUPPORTED', 'DISPUTED') AND c.supporting = 0)
   OR (v.verdict IN ('REFUTED', 'DISPUTED') AND c.refuting = 0)
   OR (v.verdict IN ('NOT_ENOUGH_INFO', 'NOT_CHECKED') AND c.supporting + c.refuting > 0)
ORDER BY v.verdict_id;
