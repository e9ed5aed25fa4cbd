SELECT DISTINCT l.record_id, l.source_id, l.source_version_id, l.reference_id, l.mark, l.relation, l.text_withdrawn, s.work
FROM current_record_sources AS l
JOIN current_sources AS s USING (source_id)
WHERE l.record_id IN (SELECT unnest($record_ids::VARCHAR[]))
ORDER BY l.record_id, l.relation, l.mark, l.source_id, l.reference_id;
