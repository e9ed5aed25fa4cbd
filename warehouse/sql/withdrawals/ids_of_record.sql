-- Whatever belongs to one record, by kind of id. Files that another record's artifact also has, and texts that another
-- record also gives, are not its own.
WITH
  versions AS (SELECT DISTINCT record_version_id FROM records WHERE record_id = $subject),
  artifacts_of_it AS (SELECT DISTINCT artifact_id FROM artifacts WHERE record_id = $subject),
  given AS (
    SELECT DISTINCT source_id, source_version_id
    FROM record_sources
    SEMI JOIN versions USING (record_version_id)
    WHERE relation = 'given'
  ),
  elsewhere AS (SELECT DISTINCT source_id, source_version_id FROM record_sources ANTI JOIN versions USING (record_version_id))
SELECT 'record' AS kind, $subject AS id
UNION
SELECT 'record version', record_version_id FROM versions
UNION
SELECT 'document', document_id FROM arrivals WHERE record_id = $subject
UNION
SELECT 'document', document_id FROM records WHERE record_id = $subject
UNION
SELECT 'claim', claim_id FROM claims WHERE record_id = $subject
UNION
SELECT 'artifact', artifact_id FROM artifacts_of_it
UNION
SELECT 'blob', f.sha256
FROM artifact_files AS f
SEMI JOIN artifacts_of_it USING (artifact_id)
WHERE f.sha256 NOT IN (SELECT sha256 FROM artifact_files ANTI JOIN artifacts_of_it USING (artifact_id))
UNION
SELECT 'version', source_version_id FROM given WHERE source_version_id NOT IN (
  SELECT source_version_id FROM elsewhere WHERE source_version_id IS NOT NULL
)
UNION
SELECT 'given source', source_id FROM given WHERE source_id NOT IN (SELECT source_id FROM elsewhere);
