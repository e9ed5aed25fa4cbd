SELECT DISTINCT
  l.record_id, p.passage_id, p.source_id, p.source_version_id, p.ordinal, p.start_offset, p.end_offset, p.text
FROM current_record_sources AS l
JOIN current_passages AS p USING (source_version_id)
WHERE l.record_id IN (SELECT unnest($record_ids::VARCHAR[]))
ORDER BY l.record_id, p.source_id, p.source_version_id, p.ordinal;
