SELECT
  lookup_key, index_name, asked_by, value, outcome, fault, reason, retry_at, works, works_sha256, reader_version,
  asked_at, status, url, sha256
FROM current_lookups
WHERE lookup_key IN (SELECT unnest($keys::VARCHAR[]))
ORDER BY lookup_key;
