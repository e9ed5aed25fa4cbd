SELECT DISTINCT l.record_id, l.source_id, s.source_version_id, s.scan
FROM current_record_sources AS l
JOIN current_rigor_scans AS s USING (source_version_id)
WHERE l.record_id IN (SELECT unnest($record_ids::VARCHAR[])) AND s.scanned
ORDER BY l.record_id, l.source_id, s.source_version_id;
