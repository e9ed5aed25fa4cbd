-- The newest corrections of records that have a page, with what a reader calls the record.
WITH newest AS (
  SELECT record_id, sequence, correction, recorded_at
  FROM corrections
  SEMI JOIN (SELECT DISTINCT record_id FROM current_pages) AS p USING (record_id)
  ORDER BY recorded_at DESC, record_id, sequence DESC
  LIMIT $most
)
SELECT
  n.record_id, coalesce(r.title, json_extract_string(r.parsed, '$.question')) AS title, n.correction
FROM newest AS n
LEFT JOIN current_records AS r USING (record_id)
ORDER BY n.recorded_at DESC, n.record_id, n.sequence DESC;
