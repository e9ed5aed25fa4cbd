SELECT subject_id
FROM current_batches
WHERE stage = 'library'
  AND starts_with(fingerprint, $terms_version || '|')
ORDER BY recorded_at DESC, batch_id DESC
LIMIT 1;
