SELECT record_id, record_version_id, cohort, parsed
FROM current_records
WHERE ($cohort IS NULL OR cohort = $cohort)
  AND ($record_ids IS NULL OR list_contains($record_ids::VARCHAR[], record_id))
ORDER BY recorded_at, record_id;
