SELECT p.passage_id, p.source_version_id, p.start_offset, p.end_offset
FROM passages AS p
LEFT JOIN current_source_versions AS v USING (source_version_id)
WHERE v.text IS NULL
   OR p.text <> substring(v.text, p.start_offset + 1, p.end_offset - p.start_offset)
ORDER BY p.passage_id;
