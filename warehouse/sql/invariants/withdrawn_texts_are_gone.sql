-- Rows of what was taken down that still hold words.
WITH
  passages_of_withdrawn AS (SELECT passage_id FROM passages SEMI JOIN withdrawn_versions USING (source_version_id)),
  held AS (
    SELECT 'documents' AS table_name, document_id AS id
    FROM documents
    SEMI JOIN withdrawn_documents USING (document_id)
    WHERE octet_length(bytes) > 0
    UNION ALL
    SELECT 'records', row_id
    FROM records
    SEMI JOIN withdrawn_records USING (record_id)
    WHERE parsed IS NOT NULL OR title IS NOT NULL
    UNION ALL
    SELECT 'record_references', f.row_id
    FROM record_references AS f
    JOIN records AS r USING (record_version_id)
    SEMI JOIN withdrawn_records AS w ON w.record_id = r.record_id
    WHERE f.raw IS NOT NULL OR f.reference IS NOT NULL
    UNION ALL
    SELECT 'claims', row_id
    FROM claims
    SEMI JOIN withdrawn_records USING (record_id)
    WHERE claim IS NOT NULL OR normalised IS NOT NULL OR NOT starts_with(text, '[text withdrawn')
    UNION ALL
    SELECT 'reviews', review_id
    FROM reviews
    SEMI JOIN withdrawn_records USING (record_id)
    WHERE reviews IS NOT NULL OR findings IS NOT NULL OR summary IS NOT NULL
    UNION ALL
    SELECT 'public_states', state_id
    FROM public_states
    SEMI JOIN withdrawn_records USING (record_id)
    WHERE state IS NOT NULL
    UNION ALL
    SELECT 'manifests', manifest_id
    FROM manifests
    SEMI JOIN withdrawn_records USING (record_id)
    WHERE manifest IS NOT NULL OR body IS NOT NULL
    UNION ALL
    SELECT 'source_versions', source_version_id
    FROM source_versions
    SEMI JOIN withdrawn_versions USING (source_version_id)
    WHERE text <> ''
    UNION ALL
    SELECT 'source_versions', source_version_id
    FROM source_versions
    WHERE text <> '' AND source_id IN (SELECT source_id FROM withdrawn_sources)
    UNION ALL
    SELECT 'passages', row_id
    FROM passages
    SEMI JOIN withdrawn_versions USING (source_version_id)
    WHERE NOT starts_with(text, '[text withdrawn')
    UNION ALL
    SELECT 'evidence', evidence_id
    FROM evidence
    SEMI JOIN passages_of_withdrawn USING (passage_id)
    WHERE NOT starts_with(text, '[text withdrawn')
    UNION ALL
    SELECT 'rigor_scans', row_id
    FROM rigor_scans
    SEMI JOIN withdrawn_versions USING (source_version_id)
    WHERE scan IS NOT NULL
    UNION ALL
    SELECT 'library_works', work_id
    FROM library_works
    WHERE text IS NOT NULL AND source_id IN (SELECT source_id FROM withdrawn_sources)
  )
SELECT DISTINCT table_name, id
FROM held
ORDER BY ALL;
