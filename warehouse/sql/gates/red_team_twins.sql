-- Other artifacts with the same files but for the manifest, and what came of their latest attempt: one of each
-- outcome and stated result is enough to contradict.
WITH contents AS (
  SELECT artifact_id, string_agg(path || ' ' || sha256, chr(10) ORDER BY path) AS content
  FROM (SELECT DISTINCT artifact_id, path, sha256 FROM artifact_files WHERE path <> 'artifact.toml')
  GROUP BY artifact_id
)
SELECT mine.artifact_id, t.artifact_id AS twin_id, t.record_id, t.claim_id, a.outcome, t.manifest
FROM contents AS mine
JOIN contents AS other ON other.content = mine.content AND other.artifact_id <> mine.artifact_id
JOIN current_artifacts AS t ON t.artifact_id = other.artifact_id
JOIN current_attempts AS a ON a.artifact_id = other.artifact_id
WHERE mine.artifact_id IN (SELECT unnest($artifact_ids::VARCHAR[]))
QUALIFY row_number() OVER (
  PARTITION BY mine.artifact_id, a.outcome, json_extract(t.manifest, '$.result') ORDER BY t.record_id, t.artifact_id
) = 1
ORDER BY mine.artifact_id, t.record_id, twin_id;
