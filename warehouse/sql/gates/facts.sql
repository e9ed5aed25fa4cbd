-- The views of what is in force know only now; these are what was in force at $as_of.
WITH
batches_then AS (
  SELECT *
  FROM batches
  WHERE recorded_at <= $as_of
  QUALIFY row_number() OVER (PARTITION BY stage, subject_id ORDER BY recorded_at DESC, batch_id DESC) = 1
),
renditions_then AS (
  SELECT r.*
  FROM records AS r
  JOIN batches_then AS b USING (batch_id)
  -- As of any time: what was withdrawn since has no words left to be judged by.
  ANTI JOIN withdrawn_records AS w ON w.record_id = r.record_id
  QUALIFY row_number() OVER (PARTITION BY r.record_id, r.layout ORDER BY r.recorded_at DESC, r.row_id DESC) = 1
),
records_then AS (
  SELECT *
  FROM renditions_then
  QUALIFY row_number() OVER (
    PARTITION BY record_id ORDER BY (stated_claim_rows > 0) DESC, recorded_at DESC, row_id DESC
  ) = 1
),
claims_then AS (
  SELECT c.claim_id, r.record_id
  FROM claims AS c
  JOIN batches_then AS b USING (batch_id)
  JOIN records_then AS r ON r.record_version_id = c.record_version_id
  WHERE r.cohort IN (SELECT unnest($cohorts::VARCHAR[]))
  QUALIFY row_number() OVER (PARTITION BY c.claim_id ORDER BY c.recorded_at DESC, c.row_id DESC) = 1
),
references_then AS (
  SELECT f.reference_id, r.record_id
  FROM record_references AS f
  JOIN batches_then AS b USING (batch_id)
  JOIN records_then AS r ON r.record_version_id = f.record_version_id
  WHERE r.cohort IN (SELECT unnest($cohorts::VARCHAR[]))
  QUALIFY row_number() OVER (PARTITION BY f.reference_id ORDER BY f.recorded_at DESC, f.row_id DESC) = 1
),
verdicts_then AS (
  SELECT claim_id, verdict
  FROM verdicts
  SEMI JOIN claims_then USING (claim_id)
  WHERE recorded_at <= $as_of
  QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY recorded_at DESC, verdict_id DESC) = 1
),
adjudications_then AS (
  SELECT claim_id, verdict
  FROM adjudications
  WHERE recorded_at <= $as_of
  QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY recorded_at DESC, adjudication_id DESC) = 1
),
claim_counts AS (
  SELECT
    c.record_id,
    count(*) AS extracted,
    count(*) FILTER (WHERE coalesce(a.verdict, v.verdict) = 'SUPPORTED') AS supported,
    count(*) FILTER (WHERE coalesce(a.verdict, v.verdict) = 'REFUTED') AS refuted,
    count(*) FILTER (WHERE coalesce(a.verdict, v.verdict) = 'NOT_ENOUGH_INFO') AS not_enough_info,
    count(*) FILTER (WHERE coalesce(a.verdict, v.verdict) = 'DISPUTED') AS disputed,
    count(*) FILTER (WHERE coalesce(a.verdict, v.verdict, 'NOT_CHECKED') = 'NOT_CHECKED') AS not_checked
  FROM claims_then AS c
  LEFT JOIN verdicts_then AS v USING (claim_id)
  LEFT JOIN adjudications_then AS a USING (claim_id)
  GROUP BY c.record_id
),
audits_then AS (
  SELECT reference_id, finding, retracted
  FROM reference_audits
  SEMI JOIN references_then USING (reference_id)
  WHERE recorded_at <= $as_of
  QUALIFY row_number() OVER (PARTITION BY reference_id ORDER BY recorded_at DESC, audit_id DESC) = 1
),
audit_counts AS (
  SELECT
    f.record_id,
    count(*) FILTER (WHERE a.finding = 'FOUND') AS found,
    count(*) FILTER (WHERE a.finding = 'MISDESCRIBED') AS misdescribed,
    count(*) FILTER (WHERE a.finding = 'UNFINDABLE') AS unfindable,
    count(*) FILTER (WHERE a.finding = 'LIKELY_FABRICATED') AS likely_fabricated,
    count(*) FILTER (WHERE a.finding = 'UNREACHABLE') AS unreachable,
    count(*) FILTER (WHERE a.retracted) AS retracted
  FROM references_then AS f
  JOIN audits_then AS a USING (reference_id)
  GROUP BY f.record_id
),
reviews_then AS (
  SELECT record_id, findings
  FROM reviews
  WHERE recorded_at <= $as_of
  QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY recorded_at DESC, review_id DESC) = 1
),
attempts_then AS (
  SELECT artifact_id, facts
  FROM attempts
  WHERE recorded_at <= $as_of
  QUALIFY row_number() OVER (PARTITION BY artifact_id ORDER BY recorded_at DESC, attempt_id DESC) = 1
),
-- An artifact on a claim that the record no longer makes counts for nothing.
artifacts_then AS (
  SELECT
    t.record_id,
    list(
      {'artifact_id': t.artifact_id, 'claim_id': t.claim_id, 'kind': t.kind, 'facts': a.facts} ORDER BY t.artifact_id
    ) AS artifacts
  FROM (
    SELECT *
    FROM artifacts
    WHERE recorded_at <= $as_of
    QUALIFY row_number() OVER (PARTITION BY artifact_id ORDER BY recorded_at) = 1
  ) AS t
  SEMI JOIN claims_then AS c ON c.claim_id = t.claim_id AND c.record_id = t.record_id
  LEFT JOIN attempts_then AS a USING (artifact_id)
  GROUP BY t.record_id
),
red_team_then AS (
  SELECT record_id, reports
  FROM red_team_reports
  WHERE recorded_at <= $as_of
  QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY recorded_at DESC, report_id DESC) = 1
)
SELECT
  r.record_id,
  r.title,
  r.published_on,
  r.layout,
  coalesce(c.extracted, 0) AS extracted,
  coalesce(c.supported, 0) AS supported,
  coalesce(c.refuted, 0) AS refuted,
  coalesce(c.not_enough_info, 0) AS not_enough_info,
  coalesce(c.disputed, 0) AS disputed,
  coalesce(c.not_checked, 0) AS not_checked,
  coalesce(a.found, 0) AS found,
  coalesce(a.misdescribed, 0) AS misdescribed,
  coalesce(a.unfindable, 0) AS unfindable,
  coalesce(a.likely_fabricated, 0) AS likely_fabricated,
  coalesce(a.unreachable, 0) AS unreachable,
  coalesce(a.retracted, 0) AS retracted,
  w.findings,
  t.artifacts,
  m.reports
FROM records_then AS r
LEFT JOIN claim_counts AS c USING (record_id)
LEFT JOIN audit_counts AS a USING (record_id)
LEFT JOIN reviews_then AS w USING (record_id)
LEFT JOIN artifacts_then AS t USING (record_id)
LEFT JOIN red_team_then AS m USING (record_id)
WHERE r.cohort IN (SELECT unnest($cohorts::VARCHAR[]))
ORDER BY r.record_id;
