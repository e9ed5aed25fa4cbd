-- Every append-only table, how much it holds and up to when: the one list of them.
CREATE OR REPLACE VIEW append_only_tables AS
SELECT *
FROM (
  SELECT 'warehouse_kinds' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM warehouse_kinds
  UNION ALL
  SELECT 'documents' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM documents
  UNION ALL
  SELECT 'arrivals' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM arrivals
  UNION ALL
  SELECT 'rejections' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM rejections
  UNION ALL
  SELECT 'batches' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM batches
  UNION ALL
  SELECT 'records' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM records
  UNION ALL
  SELECT 'record_references' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM record_references
  UNION ALL
  SELECT 'sources' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM sources
  UNION ALL
  SELECT 'source_aliases' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM source_aliases
  UNION ALL
  SELECT 'source_notices' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM source_notices
  UNION ALL
  SELECT 'source_versions' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM source_versions
  UNION ALL
  SELECT 'record_sources' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM record_sources
  UNION ALL
  SELECT 'passages' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM passages
  UNION ALL
  SELECT 'index_answers' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM index_answers
  UNION ALL
  SELECT 'index_lookups' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM index_lookups
  UNION ALL
  SELECT 'model_calls' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM model_calls
  UNION ALL
  SELECT 'library_files' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM library_files
  UNION ALL
  SELECT 'library_contents' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM library_contents
  UNION ALL
  SELECT 'library_works' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM library_works
  UNION ALL
  SELECT 'library_identifiers' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM library_identifiers
  UNION ALL
  SELECT 'library_lengths' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM library_lengths
  UNION ALL
  SELECT 'library_postings' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM library_postings
  UNION ALL
  SELECT 'searches' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM searches
  UNION ALL
  SELECT 'search_hits' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM search_hits
  UNION ALL
  SELECT 'search_decisions' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM search_decisions
  UNION ALL
  SELECT 'claims' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM claims
  UNION ALL
  SELECT 'reference_audits' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM reference_audits
  UNION ALL
  SELECT 'verdicts' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM verdicts
  UNION ALL
  SELECT 'evidence' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM evidence
  UNION ALL
  SELECT 'sentence_features' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM sentence_features
  UNION ALL
  SELECT 'found_works' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM found_works
  UNION ALL
  SELECT 'adjudications' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM adjudications
  UNION ALL
  SELECT 'rigor_scans' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM rigor_scans
  UNION ALL
  SELECT 'imported_scans' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM imported_scans
  UNION ALL
  SELECT 'quarantined_scans' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM quarantined_scans
  UNION ALL
  SELECT 'scan_checks' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM scan_checks
  UNION ALL
  SELECT 'reviews' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM reviews
  UNION ALL
  SELECT 'gate_activations' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM gate_activations
  UNION ALL
  SELECT 'gate_verdicts' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM gate_verdicts
  UNION ALL
  SELECT 'artifacts' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM artifacts
  UNION ALL
  SELECT 'attempts' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM attempts
  UNION ALL
  SELECT 'artifact_blobs' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM artifact_blobs
  UNION ALL
  SELECT 'artifact_files' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM artifact_files
  UNION ALL
  SELECT 'approvals' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM approvals
  UNION ALL
  SELECT 'red_team_reports' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM red_team_reports
  UNION ALL
  SELECT 'public_states' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM public_states
  UNION ALL
  SELECT 'corrections' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM corrections
  UNION ALL
  SELECT 'manifests' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM manifests
  UNION ALL
  SELECT 'pages' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM pages
  UNION ALL
  SELECT 'index_lines' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM index_lines
  UNION ALL
  SELECT 'record_costs' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM record_costs
  UNION ALL
  SELECT 'withdrawals' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM withdrawals
  UNION ALL
  SELECT 'withdrawn_marks' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM withdrawn_marks
  UNION ALL
  SELECT 'file_rewrites' AS table_name, count(*) AS row_count, max(recorded_at) AS latest FROM file_rewrites
);
