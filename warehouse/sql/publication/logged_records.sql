-- Every record that has a public state or a correction. A row that was taken from its record is filed under none.
SELECT DISTINCT coalesce(record_id, '') AS record_id
FROM (SELECT record_id FROM corrections UNION ALL SELECT record_id FROM public_states)
ORDER BY record_id;
