-- What the library gave for a claim can be read again: the works, and their texts as they were then.
SELECT v.verdict_id, v.claim_id, f.source_id, f.source_version_id
FROM verdicts AS v
LEFT JOIN found_works AS f USING (verdict_id)
LEFT JOIN source_versions AS s USING (source_version_id)
WHERE (v.scope = 'corpus' AND f.row_id IS NULL)
   OR (f.row_id IS NOT NULL AND s.source_version_id IS NULL)
ORDER BY v.verdict_id, f.rank;
