SELECT DISTINCT v.source_version_id, v.source_id, v.text, v.text_kind
FROM current_record_sources AS l
JOIN current_source_versions AS v USING (source_version_id)
WHERE l.cohort = $cohort
ORDER BY v.source_version_id;
