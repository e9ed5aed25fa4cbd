-- Of each record its line in the index as last published; NULL where it was published by another version of the code,
-- or before lines were kept.
SELECT r.record_id, l.line
FROM current_records AS r
SEMI JOIN (SELECT record_id FROM current_pages WHERE path LIKE '%.html') AS p ON p.record_id = r.record_id
LEFT JOIN (
  SELECT b.subject_id AS record_id, i.line
  FROM current_batches AS b
  JOIN index_lines AS i USING (batch_id)
  WHERE b.stage = 'site' AND starts_with(b.fingerprint, $code)
  QUALIFY row_number() OVER (PARTITION BY b.subject_id ORDER BY i.row_id) = 1
) AS l ON l.record_id = r.record_id
ORDER BY r.recorded_at, r.record_id;
