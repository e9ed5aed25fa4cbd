SELECT record_id, record_version_id, cohort, parsed
FROM records_of($record_ids)
WHERE $cohort IS NULL OR cohort = $cohort
ORDER BY recorded_at, record_id;
