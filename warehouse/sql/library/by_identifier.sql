SELECT i.name, min_by(w.work_id, (w.source_id, w.work_id)) AS work_id
FROM library_identifiers AS i
JOIN library_works AS w ON w.work_id = i.work_id
SEMI JOIN (SELECT work_id FROM library_contents WHERE batch_id = $batch_id) AS c ON c.work_id = i.work_id
WHERE i.name IN (SELECT unnest($names))
GROUP BY i.name;
