SELECT DISTINCT record_id, source_id, source_version_id, reference_id, mark, relation, text_withdrawn
FROM record_sources_of($record_ids)
ORDER BY record_id, relation, mark, source_id, reference_id;
