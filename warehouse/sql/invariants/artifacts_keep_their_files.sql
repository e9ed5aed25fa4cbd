SELECT f.artifact_id, f.path, f.sha256
FROM artifact_files AS f
LEFT JOIN artifact_blobs AS b ON b.sha256 = f.sha256
WHERE b.sha256 IS NULL
  OR sha256(b.bytes) <> f.sha256
  OR b.size <> f.size
UNION ALL
SELECT t.artifact_id, NULL AS path, NULL AS sha256
FROM artifacts AS t
WHERE NOT EXISTS (SELECT 1 FROM artifact_files AS f WHERE f.artifact_id = t.artifact_id)
ORDER BY ALL;
