SELECT
  (SELECT max(recorded_at) FROM verdicts) AS latest,
  (SELECT count(DISTINCT source_id) FROM sources) AS sources,
  (SELECT count(DISTINCT passage_id) FROM passages) AS passages,
  (SELECT count(*) FROM verdicts) AS verdicts_ever,
  (SELECT count(*) FROM rejections) AS rejections;
