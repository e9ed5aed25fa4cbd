SELECT f.reference_id, f.record_id, f.raw
FROM current_references AS f
JOIN current_batches AS b ON b.stage = 'sources' AND b.subject_id = f.record_version_id
ANTI JOIN reference_audits AS a USING (reference_id)
WHERE ($cohorts IS NULL OR list_contains($cohorts::VARCHAR[], f.cohort))
ORDER BY f.reference_id;
