-- The same version has the same text in every row; a claim of an earlier version is held to that version's.
-- Offsets are compared before they are used: a negative one would count from the end of the text.
SELECT c.claim_id, c.record_id, c.start_offset, c.end_offset, c.text
FROM claims AS c
ANTI JOIN withdrawn_records AS w ON w.record_id = c.record_id
LEFT JOIN (
  SELECT record_version_id, any_value(json_extract_string(parsed, '$.text')) AS text
  FROM records
  GROUP BY record_version_id
) AS r USING (record_version_id)
WHERE NOT coalesce(c.start_offset BETWEEN 0 AND c.end_offset AND c.end_offset <= length(r.text), FALSE)
   OR c.text IS DISTINCT FROM substring(r.text, c.start_offset + 1, c.end_offset - c.start_offset)
ORDER BY c.claim_id;
