WITH stances AS (
  SELECT
    verdict_id,
    count(*) FILTER (WHERE stance = 'SUPPORTS') AS supporting,
    count(*) FILTER (WHERE stance = 'REFUTES') AS refuting
  FROM evidence
  GROUP BY verdict_id
)
SELECT v.verdict_id, v.claim_id, v.verdict, coalesce(s.supporting, 0) AS supporting, coalesce(s.refuting, 0) AS refuting
FROM verdicts AS v
LEFT JOIN stances AS s USING (verdict_id)
WHERE (v.verdict IN ('SUPPORTED', 'DISPUTED') AND coalesce(s.supporting, 0) = 0)
   OR (v.verdict IN ('REFUTED', 'DISPUTED') AND coalesce(s.refuting, 0) = 0)
ORDER BY v.verdict_id;
