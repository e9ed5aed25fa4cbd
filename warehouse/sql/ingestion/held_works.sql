-- With the latest text of each, unless it was taken down; what came with a record is not an index's answer.
SELECT s.work, nullif(v.text, '') AS text
FROM current_sources AS s
LEFT JOIN (
  SELECT source_id, text
  FROM source_versions
  QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY recorded_at DESC, source_version_id DESC) = 1
) AS v USING (source_id)
WHERE s.origin NOT LIKE 'given%'
ORDER BY s.source_id;
