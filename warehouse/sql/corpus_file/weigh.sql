-- What each term adds to the score of each source that holds it, known before any claim is.
CREATE TABLE corpus_weights AS
WITH lengths AS (
  SELECT source_id, sum(frequency) AS length
  FROM corpus_postings
  GROUP BY source_id
),
collection AS (
  SELECT avg(length) AS mean_length
  FROM lengths
)
SELECT
  t.term_number,
  o.number,
  bm25_points(bm25_weight(t.rarity, p.frequency, l.length, c.mean_length, $k1, $b)) AS weight
FROM corpus_postings AS p
JOIN corpus_terms AS t ON t.term = p.term
JOIN corpus_order AS o ON o.source_id = p.source_id
JOIN lengths AS l ON l.source_id = p.source_id
CROSS JOIN collection AS c
ORDER BY t.term_number, o.number;
