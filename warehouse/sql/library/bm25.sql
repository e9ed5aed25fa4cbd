-- The measure of every search by words: BM25 (Robertson and Zaragoza 2009), its rarity that of Lucene, never negative.
-- Scores are summed as whole points (thousand millionths), so that no order of adding changes a sum or a tie.
CREATE OR REPLACE TEMP MACRO bm25_rarity(works, holding) AS
  ln(1 + (works - holding + 0.5) / (holding + 0.5));

CREATE OR REPLACE TEMP MACRO bm25_weight(rarity, frequency, length, mean_length, k1, b) AS
  rarity * frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * length / mean_length));

CREATE OR REPLACE TEMP MACRO bm25_points(weight) AS
  CAST(round(1000000000 * weight) AS BIGINT);
