SELECT record_id, title
FROM current_records
WHERE record_id = $wanted
   OR starts_with(record_id, $wanted)
   OR starts_with(split_part(record_id, ':', 2), $wanted)
   OR lower(title) = lower($wanted)
ORDER BY record_id;
