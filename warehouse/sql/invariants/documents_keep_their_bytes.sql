-- The bytes of a withdrawn one are gone: `withdrawn_texts_are_gone` looks at it.
SELECT document_id, name, sha256(bytes) AS hash_of_bytes
FROM documents
ANTI JOIN withdrawn_documents USING (document_id)
WHERE document_id <> sha256(bytes)
ORDER BY document_id;
