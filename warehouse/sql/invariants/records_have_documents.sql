SELECT r.record_id, r.document_id
FROM records AS r
ANTI JOIN documents AS d USING (document_id)
ORDER BY r.record_id;
