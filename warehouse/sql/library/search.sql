-- BM25 over title and text (Robertson and Zaragoza 2009), its rarity that of Lucene, which is never negative.
-- Scores are summed as whole numbers (thousand millionths), so that no order of adding changes a tie.
WITH held AS (
  SELECT l.work_id, max(l.length) AS length
  FROM library_lengths AS l
  SEMI JOIN (SELECT work_id FROM library_contents WHERE batch_id = $batch_id) AS c ON c.work_id = l.work_id
  WHERE l.terms_version = $terms_version
  GROUP BY l.work_id
),
collection AS (
  SELECT count(*) AS works, avg(length) AS mean_length
  FROM held
),
asked AS (
  SELECT unnest($terms) AS term, unnest($weights) AS weight
),
hits AS (
  SELECT p.term, p.work_id, a.weight, h.length, max(p.frequency) AS frequency
  FROM library_postings AS p
  JOIN asked AS a ON a.term = p.term
  JOIN held AS h ON h.work_id = p.work_id
  WHERE p.terms_version = $terms_version
  GROUP BY p.term, p.work_id, a.weight, h.length
),
rarity AS (
  SELECT h.term, ln(1 + (any_value(c.works) - count(*) + 0.5) / (count(*) + 0.5)) AS idf
  FROM hits AS h, collection AS c
  GROUP BY h.term
),
scored AS (
  SELECT
    h.work_id,
    sum(CAST(round(
      1000000000 * h.weight * r.idf * h.frequency * ($k1 + 1)
      / (h.frequency + $k1 * (1 - $b + $b * h.length / c.mean_length))
    ) AS BIGINT)) AS score
  FROM hits AS h
  JOIN rarity AS r ON r.term = h.term
  CROSS JOIN collection AS c
  GROUP BY h.work_id
)
SELECT s.work_id, s.score / 1000000000 AS score
FROM scored AS s
JOIN (
  SELECT work_id, min(source_id) AS source_id
  FROM library_works
  GROUP BY work_id
) AS w ON w.work_id = s.work_id
WHERE s.score > 0
ORDER BY s.score DESC, w.source_id, s.work_id
LIMIT $limit;
