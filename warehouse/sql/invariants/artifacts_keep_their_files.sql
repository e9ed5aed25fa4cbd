SELECT f.artifact_id, f.path, f.sha256
FROM artifact_files AS f
ANTI JOIN (SELECT t.artifact_id FROM artifacts AS t SEMI JOIN withdrawn_records USING (record_id)) AS w USING (artifact_id)
LEFT JOIN artifact_blobs AS b ON b.sha256 = f.sha256
WHERE b.sha256 IS NULL
  OR sha256(b.bytes) <> f.sha256
  OR b.size <> f.size
UNION ALL
SELECT t.artifact_id, NULL AS path, NULL AS sha256
FROM artifacts AS t
WHERE NOT EXISTS (SELECT 1 FROM artifact_files AS f WHERE f.artifact_id = t.artifact_id)
ORDER BY ALL;
