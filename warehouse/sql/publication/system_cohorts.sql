-- A row a cohort: what each stage holds, and how many records it has still to do, as overview/cohorts counts it.
WITH
arrived AS (SELECT cohort, count(DISTINCT document_id) AS documents FROM arrivals GROUP BY cohort),
judged AS (
  SELECT
    record_id,
    count(*) FILTER (WHERE verdict = 'SUPPORTED') AS supported,
    count(*) FILTER (WHERE verdict = 'REFUTED') AS refuted,
    count(*) FILTER (WHERE verdict = 'NOT_ENOUGH_INFO') AS not_enough_info,
    count(*) FILTER (WHERE verdict = 'DISPUTED') AS disputed,
    count(*) FILTER (WHERE verdict = 'NOT_CHECKED') AS not_checked
  FROM held_claims
  GROUP BY record_id
),
listed AS (
  SELECT f.record_version_id, count(DISTINCT f.reference_id) AS reference_entries
  FROM record_references AS f
  SEMI JOIN held_batches AS b ON b.stage = 'references' AND b.batch_id = f.batch_id
  GROUP BY f.record_version_id
),
drawn_on AS (
  SELECT s.record_version_id, count(DISTINCT s.source_id) AS sources
  FROM record_sources AS s
  SEMI JOIN held_batches AS b ON b.stage = 'sources' AND b.batch_id = s.batch_id
  GROUP BY s.record_version_id
),
per_record AS (
  SELECT
    r.cohort,
    r.record_id,
    e.row_count AS claims,
    j.* EXCLUDE (record_id),
    l.reference_entries,
    d.sources,
    e.row_count IS NULL AS pending_claims,
    w.record_id IS NULL AS pending_review,
    m.record_id IS NULL AS pending_manifest
  FROM held_records AS r
  LEFT JOIN held_batches AS e ON e.stage = 'claims' AND e.subject_id = r.record_version_id
  LEFT JOIN judged AS j USING (record_id)
  LEFT JOIN listed AS l USING (record_version_id)
  LEFT JOIN drawn_on AS d USING (record_version_id)
  LEFT JOIN (SELECT DISTINCT record_id FROM reviews) AS w USING (record_id)
  LEFT JOIN (SELECT DISTINCT record_id FROM manifests) AS m USING (record_id)
)
SELECT
  a.cohort,
  a.documents,
  count(p.record_id) AS records,
  coalesce(sum(p.claims), 0)::BIGINT AS extracted,
  coalesce(sum(p.supported), 0)::BIGINT AS supported,
  coalesce(sum(p.refuted), 0)::BIGINT AS refuted,
  coalesce(sum(p.not_enough_info), 0)::BIGINT AS not_enough_info,
  coalesce(sum(p.disputed), 0)::BIGINT AS disputed,
  coalesce(sum(p.not_checked), 0)::BIGINT AS not_checked,
  coalesce(sum(p.reference_entries), 0)::BIGINT AS reference_entries,
  coalesce(sum(p.sources), 0)::BIGINT AS sources,
  count(*) FILTER (WHERE p.pending_claims) AS pending_claims,
  count(*) FILTER (WHERE p.pending_review) AS pending_reviews,
  count(*) FILTER (WHERE p.pending_manifest) AS pending_manifests
FROM arrived AS a
LEFT JOIN per_record AS p USING (cohort)
GROUP BY a.cohort, a.documents
ORDER BY a.cohort;
