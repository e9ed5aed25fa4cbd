-- Sources are numbered in order of their ids: the order in which they arrived decides no tie.
CREATE TABLE corpus_order AS
SELECT source_id, row_number() OVER (ORDER BY source_id) AS number
FROM corpus_texts;

CREATE TABLE corpus_terms AS
SELECT
  term,
  row_number() OVER (ORDER BY term) AS term_number,
  bm25_rarity((SELECT count(*) FROM corpus_texts), count(*)) AS rarity
FROM corpus_postings
GROUP BY term;
