SELECT record_id, record_version_id, cohort, parsed
FROM current_records
WHERE ($cohort IS NULL OR cohort = $cohort)
  AND ($record_ids IS NULL OR record_id IN (SELECT unnest($record_ids::VARCHAR[])))
ORDER BY recorded_at, record_id;
