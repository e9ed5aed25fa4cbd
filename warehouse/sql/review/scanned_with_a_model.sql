-- Versions of sources whose scan in force begins with a fingerprint and goes on with that of a model.
SELECT subject_id
FROM current_batches
WHERE stage = 'rigor_scans'
  AND starts_with(fingerprint, $prefix)
  AND subject_id IN (SELECT unnest($ids::VARCHAR[]));
