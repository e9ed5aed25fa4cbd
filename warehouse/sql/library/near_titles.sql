-- The same measure over titles alone, for many titles at once; `asked_titles` holds (place, term).
WITH held AS (
  SELECT l.work_id, max(l.title_length) AS length
  FROM library_lengths AS l
  SEMI JOIN (SELECT work_id FROM library_contents WHERE batch_id = $batch_id) AS c ON c.work_id = l.work_id
  WHERE l.terms_version = $terms_version
  GROUP BY l.work_id
),
collection AS (
  SELECT count(*) AS works, avg(length) AS mean_length
  FROM held
),
titles AS (
  SELECT p.term, p.work_id, h.length, max(p.title_frequency) AS frequency
  FROM library_postings AS p
  SEMI JOIN asked_titles AS a ON a.term = p.term
  JOIN held AS h ON h.work_id = p.work_id
  WHERE p.terms_version = $terms_version
    AND p.title_frequency > 0
  GROUP BY p.term, p.work_id, h.length
),
rarity AS (
  SELECT t.term, bm25_rarity(any_value(c.works), count(*)) AS rarity
  FROM titles AS t, collection AS c
  GROUP BY t.term
),
weighed AS (
  SELECT
    t.term,
    t.work_id,
    bm25_points(bm25_weight(r.rarity, t.frequency, t.length, c.mean_length, $k1, $b)) AS score
  FROM titles AS t
  JOIN rarity AS r ON r.term = t.term
  CROSS JOIN collection AS c
),
scored AS (
  SELECT a.place, w.work_id, sum(w.score) AS score
  FROM asked_titles AS a
  JOIN weighed AS w ON w.term = a.term
  GROUP BY a.place, w.work_id
)
SELECT s.place, s.work_id
FROM scored AS s
JOIN (
  SELECT work_id, min(source_id) AS source_id
  FROM library_works
  GROUP BY work_id
) AS w ON w.work_id = s.work_id
QUALIFY row_number() OVER (PARTITION BY s.place ORDER BY s.score DESC, w.source_id, s.work_id) <= $limit
ORDER BY s.place, s.score DESC, w.source_id, s.work_id;
