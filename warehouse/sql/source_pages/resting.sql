-- Of each claim that a sentence of a source is quoted for: its public verdict, on which sides the source is quoted, and
-- whether all sentences of the deciding side are of this source. From `parts`, which say what is in force.
WITH
  said AS (
    SELECT
      source_id, record_id,
      max(id) FILTER (part = 'verdict') AS verdict_id,
      max(id) FILTER (part = 'claim') AS row_id,
      max(id) FILTER (part = 'adjudication') AS adjudication_id
    FROM parts
    WHERE part IN ('verdict', 'claim', 'adjudication')
    GROUP BY source_id, record_id, about
  ),
  quoted AS (
    SELECT DISTINCT e.verdict_id, e.source_id, e.stance
    FROM evidence AS e
    SEMI JOIN said AS s ON s.verdict_id = e.verdict_id
  ),
  sides AS (SELECT verdict_id, stance, count(*) AS works FROM quoted GROUP BY verdict_id, stance),
  own AS (SELECT verdict_id, source_id, list(stance ORDER BY stance DESC) AS stances FROM quoted GROUP BY ALL),
  judged AS (
    SELECT DISTINCT s.*, coalesce(a.verdict, v.verdict) AS verdict
    FROM said AS s
    JOIN verdicts AS v USING (verdict_id)
    LEFT JOIN adjudications AS a USING (adjudication_id)
  )
SELECT DISTINCT
  j.source_id, j.record_id, j.row_id, c.ordinal, j.verdict, j.adjudication_id IS NOT NULL AS by_person, o.stances,
  coalesce(d.works, 0) = 1 AND list_contains(o.stances, d.stance) AS alone
FROM judged AS j
JOIN own AS o ON o.verdict_id = j.verdict_id AND o.source_id = j.source_id
JOIN claims AS c ON c.row_id = j.row_id
LEFT JOIN sides AS d
  ON d.verdict_id = j.verdict_id
 AND d.stance = CASE j.verdict WHEN 'SUPPORTED' THEN 'SUPPORTS' WHEN 'REFUTED' THEN 'REFUTES' END
ORDER BY j.source_id, j.record_id, c.ordinal, j.row_id;
