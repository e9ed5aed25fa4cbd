-- What a withdrawn text is known by when it comes again.
SELECT kind, id AS mark
FROM erased_ids
WHERE kind IN ('record', 'document', 'source', 'version')
UNION
SELECT 'record text', text_sha256
FROM records
WHERE record_id IN (SELECT id FROM erased_ids WHERE kind = 'record')
UNION
SELECT 'text', text_sha256
FROM source_versions
WHERE source_version_id IN (SELECT id FROM erased_ids WHERE kind = 'version')
UNION
SELECT 'text', sha256(text)
FROM library_works
WHERE text IS NOT NULL AND work_id IN (SELECT id FROM erased_ids WHERE kind = 'library work');
