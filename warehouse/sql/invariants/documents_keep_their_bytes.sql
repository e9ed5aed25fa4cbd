SELECT document_id, name, sha256(bytes) AS hash_of_bytes
FROM documents
WHERE document_id <> sha256(bytes)
ORDER BY document_id;
