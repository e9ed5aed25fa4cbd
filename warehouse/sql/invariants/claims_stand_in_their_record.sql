SELECT c.claim_id, c.record_id, c.start_offset, c.end_offset, c.text
FROM claims AS c
LEFT JOIN (SELECT DISTINCT record_version_id, parsed FROM current_records) AS r USING (record_version_id)
WHERE r.parsed IS NOT NULL
  AND c.text <> substring(json_extract_string(r.parsed, '$.text'), c.start_offset + 1, c.end_offset - c.start_offset)
ORDER BY c.claim_id;
