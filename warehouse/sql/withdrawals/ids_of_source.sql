-- Whatever holds the text of one work, by kind of id; $names are all that the work is called.
-- The same text under another name is the same text.
WITH
  names AS (SELECT DISTINCT unnest($names::VARCHAR[]) AS name),
  texts AS (SELECT DISTINCT text_sha256 FROM source_versions WHERE source_id IN (SELECT name FROM names)),
  versions AS (
    SELECT DISTINCT source_version_id
    FROM source_versions
    WHERE source_id IN (SELECT name FROM names) OR text_sha256 IN (SELECT text_sha256 FROM texts)
  ),
  works AS (
    SELECT DISTINCT w.work_id
    FROM library_works AS w
    LEFT JOIN library_identifiers AS i USING (work_id)
    WHERE w.source_id IN (SELECT name FROM names)
      OR i.name IN (SELECT lower(name) FROM names)
      OR sha256(w.text) IN (SELECT text_sha256 FROM texts)
  ),
  -- What an index was asked about it by its identifier, and every answer that names it.
  asked AS (
    SELECT DISTINCT l.lookup_id, l.answer_id
    FROM index_lookups AS l
    JOIN names AS n
      ON contains(lower(l.works), '"' || lower(n.name) || '"')
      OR lower(l.value) = lower(n.name)
      OR lower(l.value) = lower(substring(n.name, strpos(n.name, ':') + 1))
  ),
  linked AS (
    SELECT r.record_id
    FROM record_sources AS s
    JOIN records AS r USING (record_version_id)
    WHERE s.source_id IN (SELECT name FROM names) OR s.source_version_id IN (SELECT source_version_id FROM versions)
    UNION
    SELECT c.record_id
    FROM (
      SELECT claim_id FROM found_works WHERE source_version_id IN (SELECT source_version_id FROM versions)
      UNION
      SELECT e.claim_id FROM evidence AS e WHERE e.source_id IN (SELECT name FROM names)
    ) AS f
    JOIN claims AS c USING (claim_id)
  )
SELECT 'source' AS kind, name AS id FROM names
UNION
SELECT 'version', source_version_id FROM versions
UNION
SELECT 'library work', work_id FROM works
UNION
SELECT 'lookup', lookup_id FROM asked
UNION
SELECT 'answer', answer_id FROM asked WHERE answer_id IS NOT NULL
UNION
SELECT 'imported scan', scan_id
FROM imported_scans
WHERE 'arxiv:' || arxiv_id IN (SELECT name FROM names) OR 'doi:' || doi IN (SELECT name FROM names)
UNION
SELECT 'linked record', record_id FROM linked
UNION
SELECT 'linked claim', claim_id FROM claims WHERE record_id IN (SELECT record_id FROM linked);
