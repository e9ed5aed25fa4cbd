SELECT l.lookup_key, a.url, a.status, a.headers, a.body, a.fetched_at
FROM current_lookups AS l
JOIN index_answers AS a USING (answer_id)
WHERE l.lookup_key IN (SELECT unnest($keys::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY l.lookup_key ORDER BY a.recorded_at) = 1
ORDER BY l.lookup_key;
