-- The files and texts that are taken down, by their hashes.
SELECT 'document' AS what, document_id AS id, document_id AS sha256, any_value(size) AS size
FROM documents
WHERE document_id IN (SELECT id FROM erased_ids WHERE kind = 'document')
GROUP BY document_id
UNION ALL
SELECT 'source text', source_version_id, any_value(text_sha256), max(length(text))
FROM source_versions
WHERE source_version_id IN (SELECT id FROM erased_ids WHERE kind = 'version')
GROUP BY source_version_id
ORDER BY what, id;
