SELECT e.evidence_id, e.verdict_id, e.passage_id, e.start_offset, e.end_offset, e.text
FROM evidence AS e
LEFT JOIN (SELECT DISTINCT passage_id, text FROM passages) AS p USING (passage_id)
WHERE p.text IS NULL
   OR e.start_offset < 0
   OR e.end_offset > length(p.text)
   OR e.text <> substring(p.text, e.start_offset + 1, e.end_offset - e.start_offset)
ORDER BY e.evidence_id;
