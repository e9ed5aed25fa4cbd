-- The full text of each source that is held: the last that came.
SELECT source_id, source_version_id, text
FROM current_source_versions
WHERE text_kind = 'fulltext' AND source_id IN (SELECT unnest($source_ids::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY recorded_at DESC, source_version_id DESC) = 1;
