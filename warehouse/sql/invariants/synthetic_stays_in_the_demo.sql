SELECT record_id, title
FROM current_records
WHERE synthetic
  AND NOT EXISTS (SELECT 1 FROM warehouse_kinds WHERE kind = 'demo')
ORDER BY record_id;
