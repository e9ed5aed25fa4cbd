-- Offsets are compared before they are used: a negative one would count from the end of the passage.
SELECT e.evidence_id, e.verdict_id, e.passage_id, e.start_offset, e.end_offset, e.text
FROM evidence AS e
ANTI JOIN (
  SELECT passage_id FROM passages SEMI JOIN withdrawn_versions USING (source_version_id)
) AS w ON w.passage_id = e.passage_id
LEFT JOIN (SELECT DISTINCT passage_id, text FROM passages) AS p USING (passage_id)
WHERE NOT coalesce(e.start_offset BETWEEN 0 AND e.end_offset AND e.end_offset <= length(p.text), FALSE)
   OR e.text IS DISTINCT FROM substring(p.text, e.start_offset + 1, e.end_offset - e.start_offset)
ORDER BY e.evidence_id;
