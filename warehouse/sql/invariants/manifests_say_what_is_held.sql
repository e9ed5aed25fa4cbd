-- Every manifest in force beside the counts that the tables give; which of them say the same is told by reading them.
SELECT
  m.record_id, m.manifest, m.body,
  s.extracted, s.supported, s.refuted, s.not_enough_info, s.disputed, s.not_checked
FROM current_manifests AS m
JOIN record_summaries AS s USING (record_id)
WHERE (m.manifest IS NOT NULL OR m.body IS NOT NULL)
  AND ($cohorts IS NULL OR list_contains($cohorts::VARCHAR[], s.cohort))
ORDER BY m.record_id;
