-- References of the records in force by finding; NULL: not audited yet.
WITH
listed AS (
  SELECT DISTINCT f.reference_id
  FROM record_references AS f
  SEMI JOIN held_batches AS b ON b.stage = 'references' AND b.batch_id = f.batch_id
  SEMI JOIN held_records AS r ON r.record_version_id = f.record_version_id
),
audited AS (
  SELECT reference_id, last(struct_pack(finding, retracted) ORDER BY recorded_at, audit_id) AS held
  FROM reference_audits
  GROUP BY reference_id
)
SELECT a.held.finding AS finding, count(*) AS reference_entries, count(*) FILTER (WHERE a.held.retracted) AS retracted
FROM listed
LEFT JOIN audited AS a USING (reference_id)
GROUP BY ALL
ORDER BY ALL;
