-- Offsets are compared before they are used: a negative one would count from the end of the passage.
SELECT f.row_id, f.verdict_id, f.passage_id, f.start_offset, f.end_offset
FROM sentence_features AS f
ANTI JOIN (
  SELECT passage_id FROM passages SEMI JOIN withdrawn_versions USING (source_version_id)
) AS w ON w.passage_id = f.passage_id
LEFT JOIN (SELECT DISTINCT passage_id, source_id, text FROM passages) AS p
  ON p.passage_id = f.passage_id AND p.source_id = f.source_id
WHERE NOT coalesce(f.start_offset >= 0 AND f.start_offset < f.end_offset AND f.end_offset <= length(p.text), FALSE)
ORDER BY f.row_id;
