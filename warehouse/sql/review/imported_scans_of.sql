-- The imported scans of the papers that bear one of some identifiers, be it by way of a source that bears it as well;
-- all where no identifiers are given. In the order they came.
WITH
  bearing AS (
    SELECT source_id AS name, source_id FROM sources
    UNION
    SELECT alias AS name, source_id FROM source_aliases
  ),
  wanted AS (
    SELECT unnest($names::VARCHAR[]) AS name
    UNION
    SELECT other.name
    FROM bearing AS one
    JOIN bearing AS other USING (source_id)
    WHERE one.name IN (SELECT unnest($names::VARCHAR[]))
  )
SELECT scan
FROM imported_scans
WHERE scan IS NOT NULL  -- its paper was not withdrawn
  AND (
    $names IS NULL
    OR 'arxiv:' || arxiv_id IN (SELECT name FROM wanted)
    OR 'doi:' || doi IN (SELECT name FROM wanted)
  )
ORDER BY recorded_at, scan_id;
