SELECT
  r.record_id,
  r.title,
  json_extract_string(r.parsed, '$.stated.claims_extracted')::INTEGER AS stated_extracted,
  s.extracted AS counted_extracted,
  json_extract_string(r.parsed, '$.stated.claims_verified')::INTEGER AS stated_verified,
  s.supported AS counted_supported
FROM current_records AS r
JOIN record_summaries AS s USING (record_id)
WHERE (stated_extracted <> counted_extracted OR stated_verified <> counted_supported)
  AND ($cohorts IS NULL OR list_contains($cohorts::VARCHAR[], r.cohort))
ORDER BY r.record_id;
