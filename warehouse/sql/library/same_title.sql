SELECT w.normalised_title, w.work_id
FROM library_works AS w
SEMI JOIN (SELECT work_id FROM library_contents WHERE batch_id = $batch_id) AS c ON c.work_id = w.work_id
WHERE w.normalised_title IN (SELECT unnest($titles))
GROUP BY w.normalised_title, w.work_id, w.source_id
QUALIFY row_number() OVER (PARTITION BY w.normalised_title ORDER BY w.source_id, w.work_id) <= $limit
ORDER BY w.normalised_title, w.source_id, w.work_id;
