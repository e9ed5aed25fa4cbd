SELECT m.record_id, m.counts AS in_the_manifest, s.extracted, s.supported, s.refuted, s.not_enough_info, s.disputed, s.not_checked
FROM current_manifests AS m
JOIN record_summaries AS s USING (record_id)
WHERE (json_extract_string(m.manifest, '$.claim_counts.extracted')::BIGINT IS DISTINCT FROM s.extracted
   OR json_extract_string(m.manifest, '$.claim_counts.supported')::BIGINT IS DISTINCT FROM s.supported
   OR json_extract_string(m.manifest, '$.claim_counts.refuted')::BIGINT IS DISTINCT FROM s.refuted
   OR json_extract_string(m.manifest, '$.claim_counts.not_enough_info')::BIGINT IS DISTINCT FROM s.not_enough_info
   OR json_extract_string(m.manifest, '$.claim_counts.disputed')::BIGINT IS DISTINCT FROM s.disputed
   OR json_extract_string(m.manifest, '$.claim_counts.not_checked')::BIGINT IS DISTINCT FROM s.not_checked)
  AND ($cohorts IS NULL OR list_contains($cohorts::VARCHAR[], s.cohort))
ORDER BY m.record_id;
