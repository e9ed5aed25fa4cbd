SELECT
  (SELECT count(*) FROM documents) AS documents,
  (SELECT count(*) FROM current_records) AS records,
  (SELECT count(*) FROM current_claims) AS claims,
  (SELECT count(*) FROM current_sources) AS sources,
  (SELECT count(*) FROM current_passages) AS passages,
  (SELECT count(*) FROM verdicts) AS verdicts_ever,
  (SELECT count(*) FROM corrections) AS corrections,
  (SELECT count(*) FROM rejections) AS rejections;
