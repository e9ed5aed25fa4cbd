-- Every text that is taken down. What a record says stands in `text`; its title, question and list are said apart too.
SELECT json_extract_string(parsed, '$.text') AS text
FROM records
WHERE record_id IN (SELECT id FROM erased_ids WHERE kind = 'record')
UNION
SELECT json_extract_string(parsed, '$.title')
FROM records
WHERE record_id IN (SELECT id FROM erased_ids WHERE kind = 'record')
UNION
SELECT json_extract_string(parsed, '$.question')
FROM records
WHERE record_id IN (SELECT id FROM erased_ids WHERE kind = 'record')
UNION
SELECT raw
FROM record_references
WHERE record_version_id IN (SELECT id FROM erased_ids WHERE kind = 'record version')
UNION
SELECT text FROM claims WHERE record_id IN (SELECT id FROM erased_ids WHERE kind = 'record')
UNION
SELECT normalised FROM claims WHERE record_id IN (SELECT id FROM erased_ids WHERE kind = 'record')
UNION
SELECT text FROM source_versions WHERE source_version_id IN (SELECT id FROM erased_ids WHERE kind = 'version')
UNION
SELECT text FROM library_works WHERE work_id IN (SELECT id FROM erased_ids WHERE kind = 'library work');
