SELECT record_id, count(*) AS count, arg_max(hash, sequence) AS hash
FROM corrections
GROUP BY record_id
ORDER BY record_id;
