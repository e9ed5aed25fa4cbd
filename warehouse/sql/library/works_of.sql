SELECT work_id, work, text
FROM library_works
WHERE work_id IN (SELECT unnest($work_ids))
QUALIFY row_number() OVER (PARTITION BY work_id ORDER BY recorded_at) = 1;
