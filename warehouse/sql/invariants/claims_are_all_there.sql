SELECT b.subject_id AS record_version_id, b.row_count AS said, count(c.claim_id) AS counted
FROM current_batches AS b
LEFT JOIN claims AS c USING (batch_id)
WHERE b.stage = 'claims'
GROUP BY b.subject_id, b.row_count
HAVING b.row_count <> count(c.claim_id)
ORDER BY b.subject_id;
