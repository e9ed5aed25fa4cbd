SELECT r.record_id, r.title
FROM current_records AS r
JOIN current_batches AS b ON b.stage = 'claims' AND b.subject_id = r.record_version_id
ANTI JOIN reviews AS w USING (record_id)
WHERE ($cohorts IS NULL OR list_contains($cohorts::VARCHAR[], r.cohort))
ORDER BY r.record_id;
