-- Title and text by the measure of bm25.sql, for many questions at once; `asked_terms` holds (place, term, weight).
WITH held AS (
  SELECT l.work_id, max(l.length) AS length
  FROM library_lengths AS l
  SEMI JOIN (SELECT work_id FROM library_contents WHERE batch_id = $batch_id) AS c ON c.work_id = l.work_id
  WHERE l.terms_version = $terms_version
  GROUP BY l.work_id
),
named AS (
  SELECT h.work_id, h.length, w.source_id, row_number() OVER (ORDER BY w.source_id, h.work_id) AS number
  FROM held AS h
  JOIN (
    SELECT work_id, min(source_id) AS source_id
    FROM library_works
    GROUP BY work_id
  ) AS w ON w.work_id = h.work_id
),
collection AS (
  SELECT count(*) AS works, avg(length) AS mean_length
  FROM held
),
hits AS (
  SELECT p.term, n.number, n.length, max(p.frequency) AS frequency
  FROM library_postings AS p
  SEMI JOIN asked_terms AS a ON a.term = p.term
  JOIN named AS n ON n.work_id = p.work_id
  WHERE p.terms_version = $terms_version
  GROUP BY p.term, n.number, n.length
),
rarity AS (
  SELECT h.term, bm25_rarity(any_value(c.works), count(*)) AS rarity
  FROM hits AS h, collection AS c
  GROUP BY h.term
),
weighed AS (
  SELECT
    h.term,
    h.number,
    bm25_weight(r.rarity, h.frequency, h.length, c.mean_length, $k1, $b) AS weight
  FROM hits AS h
  JOIN rarity AS r ON r.term = h.term
  CROSS JOIN collection AS c
),
scored AS (
  SELECT a.place, w.number, sum(bm25_points(a.weight * w.weight)) AS score
  FROM asked_terms AS a
  JOIN weighed AS w ON w.term = a.term
  GROUP BY a.place, w.number
  HAVING sum(bm25_points(a.weight * w.weight)) > 0
),
best AS (
  SELECT place, number, score
  FROM scored
  QUALIFY row_number() OVER (PARTITION BY place ORDER BY score DESC, number) <= $limit
)
SELECT b.place, n.work_id, b.score / 1000000000 AS score
FROM best AS b
JOIN named AS n ON n.number = b.number
ORDER BY b.place, b.score DESC, b.number;
