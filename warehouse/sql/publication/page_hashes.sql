-- The files that records were last published with, without those that were removed. The newest row of a path is looked
-- for among those of the records that are asked for.
SELECT record_id, path, sha256
FROM (
  SELECT record_id, path, sha256
  FROM pages
  WHERE record_id IS NOT NULL
    AND ($record_ids::VARCHAR[] IS NULL OR record_id IN (SELECT unnest($record_ids::VARCHAR[])))
  QUALIFY row_number() OVER (PARTITION BY path ORDER BY recorded_at DESC, page_id DESC) = 1
)
WHERE sha256 IS NOT NULL
ORDER BY path;
