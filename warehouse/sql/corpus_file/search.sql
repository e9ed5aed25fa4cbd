-- For many claims at once: `asked_terms` holds (claim, term). The best come first; ties in order of source id.
WITH scored AS (
  SELECT a.claim, w.number, sum(w.weight) AS score
  FROM asked_terms AS a
  JOIN corpus_terms AS t ON t.term = a.term
  JOIN corpus_weights AS w ON w.term_number = t.term_number
  GROUP BY a.claim, w.number
),
best AS (
  SELECT claim, unnest(max({'score': score, 'before': -number}, $limit)) AS hit
  FROM scored
  GROUP BY claim
)
SELECT claim, -hit.before AS number, CAST(hit.score AS DOUBLE) / 1000000000 AS score
FROM best
ORDER BY claim, hit.score DESC, number;
