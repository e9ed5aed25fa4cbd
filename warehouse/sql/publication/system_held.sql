-- What most questions of the system page ask about, made once: batches, records and claims in force. Temporary tables
-- of the connection, so that nothing of the warehouse changes. Columns are named, as views over `*` would carry texts.
CREATE TEMP TABLE held_batches AS
SELECT subject_id, stage, batch_id, row_count
FROM current_batches
WHERE stage IN ('claims', 'references', 'sources');

CREATE TEMP TABLE held_records AS
SELECT record_id, cohort, record_version_id FROM current_records;

CREATE TEMP TABLE held_verdicts AS
SELECT
  claim_id,
  last(verdict ORDER BY recorded_at, verdict_id) AS verdict,
  last(struct_pack(confidence, backend, verifier_version) ORDER BY recorded_at, verdict_id) AS judged
FROM verdicts
GROUP BY claim_id;

CREATE TEMP TABLE held_claims AS
SELECT
  c.claim_id,
  r.record_id,
  coalesce(a.verdict, v.verdict) AS verdict,
  a.verdict AS by_person,
  v.verdict AS by_machine,
  v.judged.confidence AS confidence,
  v.judged.backend AS backend,
  v.judged.verifier_version AS version
FROM (
  SELECT claim_id, last(c.record_version_id ORDER BY c.recorded_at, c.row_id) AS record_version_id
  FROM claims AS c
  SEMI JOIN held_batches AS b ON b.stage = 'claims' AND b.batch_id = c.batch_id
  SEMI JOIN held_records AS r ON r.record_version_id = c.record_version_id
  GROUP BY claim_id
) AS c
JOIN held_records AS r USING (record_version_id)
LEFT JOIN held_verdicts AS v USING (claim_id)
LEFT JOIN current_adjudications AS a ON a.claim_id = c.claim_id;
