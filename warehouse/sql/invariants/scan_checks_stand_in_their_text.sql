-- A place lies within its text; where the text is that of a source held here, the words are those of the text.
WITH
  checks AS (
    SELECT check_id, scan_id, source_version_id, TRY(json(grades)) AS grades
    FROM scan_checks
    ANTI JOIN withdrawn_versions USING (source_version_id)
    ANTI JOIN (
      SELECT scan_id
      FROM imported_scans
      WHERE 'arxiv:' || arxiv_id IN (SELECT source_id FROM withdrawn_sources)
         OR 'doi:' || doi IN (SELECT source_id FROM withdrawn_sources)
    ) AS w USING (scan_id)
  ),
  marks AS (
    SELECT
      check_id, scan_id, source_version_id, (grades ->> 'text_length')::BIGINT AS text_length,
      unnest(json_extract(grades, '$.checked[*].marks[*]')) AS mark
    FROM checks
    WHERE grades IS NOT NULL
  ),
  places AS (
    SELECT
      check_id, scan_id, source_version_id, text_length, mark ->> 'grade' AS grade, mark ->> 'words' AS words,
      (mark ->> 'start')::BIGINT AS start_offset, (mark ->> 'end')::BIGINT AS end_offset
    FROM marks
  )
SELECT p.check_id, p.scan_id, p.grade, p.start_offset, p.end_offset, p.words
FROM places AS p
LEFT JOIN current_source_versions AS v USING (source_version_id)
WHERE (p.grade IN ('found', 'near')) IS DISTINCT FROM (p.start_offset IS NOT NULL)
   OR (
     p.start_offset IS NOT NULL
     AND NOT coalesce(p.start_offset BETWEEN 0 AND p.end_offset AND p.end_offset <= p.text_length, FALSE)
   )
   OR (
     p.start_offset IS NOT NULL
     AND p.source_version_id IS NOT NULL
     AND p.words IS DISTINCT FROM substring(v.text, p.start_offset + 1, p.end_offset - p.start_offset)
   )
UNION ALL
SELECT check_id, scan_id, 'unreadable', NULL, NULL, NULL
FROM checks
WHERE grades IS NULL
ORDER BY ALL;
