SELECT p.record_id
FROM current_public_states AS p
JOIN current_records AS r USING (record_id)
WHERE ($cohorts IS NULL OR list_contains($cohorts::VARCHAR[], r.cohort))
  AND (
    NOT EXISTS (SELECT 1 FROM current_manifests AS m WHERE m.record_id = p.record_id)
    OR NOT EXISTS (SELECT 1 FROM current_pages AS g WHERE g.record_id = p.record_id AND g.path LIKE '%.html')
  )
ORDER BY p.record_id;
