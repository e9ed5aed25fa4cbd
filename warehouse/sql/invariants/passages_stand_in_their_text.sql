-- Offsets are compared before they are used: a negative one would count from the end of the text.
SELECT p.passage_id, p.source_version_id, p.start_offset, p.end_offset
FROM passages AS p
ANTI JOIN withdrawn_versions AS w ON w.source_version_id = p.source_version_id
LEFT JOIN current_source_versions AS v USING (source_version_id)
WHERE NOT coalesce(p.start_offset BETWEEN 0 AND p.end_offset AND p.end_offset <= length(v.text), FALSE)
   OR p.text IS DISTINCT FROM substring(v.text, p.start_offset + 1, p.end_offset - p.start_offset)
ORDER BY p.passage_id;
