-- The imported scans whose paper bears an identifier of one of these sources, in the order they came.
WITH bearing AS (
  SELECT source_id AS name, source_id FROM sources WHERE source_id IN (SELECT unnest($source_ids::VARCHAR[]))
  UNION
  SELECT alias AS name, source_id FROM source_aliases WHERE source_id IN (SELECT unnest($source_ids::VARCHAR[]))
),
named AS (
  SELECT scan_id, 'arxiv:' || arxiv_id AS name FROM imported_scans WHERE arxiv_id IS NOT NULL
  UNION
  SELECT scan_id, 'doi:' || doi AS name FROM imported_scans WHERE doi IS NOT NULL
)
SELECT l.source_id, i.scan
FROM (SELECT DISTINCT b.source_id, n.scan_id FROM named AS n JOIN bearing AS b USING (name)) AS l
JOIN imported_scans AS i USING (scan_id)
WHERE i.scan IS NOT NULL  -- its paper was not withdrawn
ORDER BY l.source_id, i.recorded_at, i.scan_id;
