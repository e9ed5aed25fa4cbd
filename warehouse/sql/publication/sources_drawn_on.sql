-- The sources that these records draw on or ever drew on.
WITH wanted AS (SELECT DISTINCT unnest($record_ids::VARCHAR[]) AS record_id)
SELECT l.source_id
FROM record_sources AS l
JOIN records AS r USING (record_version_id)
SEMI JOIN wanted AS w ON w.record_id = r.record_id
UNION
SELECT f.source_id
FROM found_works AS f
JOIN claims AS c USING (claim_id)
SEMI JOIN wanted AS w ON w.record_id = c.record_id
ORDER BY source_id;
