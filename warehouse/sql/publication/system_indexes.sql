WITH
asked AS (
  SELECT index_name, count(DISTINCT lookup_id) AS asked, count(DISTINCT lookup_id) FILTER (WHERE outcome = 'failed') AS failed
  FROM index_lookups
  GROUP BY index_name
),
answered AS (
  SELECT index_name, count(DISTINCT answer_id) AS answers, sum(size)::BIGINT AS size
  FROM index_answers
  GROUP BY index_name
)
SELECT
  index_name AS index,
  coalesce(a.asked, 0) AS asked,
  coalesce(a.failed, 0) AS failed,
  coalesce(b.answers, 0) AS answers,
  coalesce(b.size, 0) AS size
FROM asked AS a
FULL JOIN answered AS b USING (index_name)
ORDER BY index_name;
