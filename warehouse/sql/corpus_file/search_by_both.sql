-- Words and meaning: half the share of the best BM25 score, and the cosine of claim and source.
-- `asked_terms` holds (claim, term), `asked_vectors` (claim, vector); vectors have length 1.
WITH scored AS (
  SELECT a.claim, w.number, sum(w.weight) AS score
  FROM asked_terms AS a
  JOIN corpus_terms AS t ON t.term = a.term
  JOIN corpus_weights AS w ON w.term_number = t.term_number
  GROUP BY a.claim, w.number
),
best_by_words AS (
  SELECT claim, max(score) AS score
  FROM scored
  GROUP BY claim
),
by_words AS (
  SELECT s.claim, s.number, CAST(s.score AS DOUBLE) / CAST(b.score AS DOUBLE) AS share
  FROM scored AS s
  JOIN best_by_words AS b ON b.claim = s.claim
  WHERE b.score > 0
),
by_meaning AS (
  SELECT q.claim, o.number, array_inner_product(q.vector, v.vector) AS cosine
  FROM asked_vectors AS q
  CROSS JOIN corpus_vectors AS v
  JOIN corpus_order AS o ON o.source_id = v.source_id
),
mixed AS (
  SELECT m.claim, m.number, round(m.cosine + $words_count * coalesce(w.share, 0), 9) AS score
  FROM by_meaning AS m
  LEFT JOIN by_words AS w ON w.claim = m.claim AND w.number = m.number
),
best AS (
  SELECT claim, unnest(max({'score': score, 'before': -number}, $limit)) AS hit
  FROM mixed
  GROUP BY claim
)
SELECT claim, -hit.before AS number, hit.score AS score
FROM best
ORDER BY claim, hit.score DESC, number;
