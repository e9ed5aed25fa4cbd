WITH
extracted AS (
  SELECT subject_id AS record_version_id, row_count FROM current_batches WHERE stage = 'claims'
),
arrived AS (
  SELECT cohort, count(DISTINCT document_id) AS documents
  FROM arrivals
  GROUP BY cohort
),
per_record AS (
  SELECT
    r.cohort,
    r.record_id,
    e.row_count AS claims,
    coalesce(v.supported, 0) AS supported,
    coalesce(v.refuted, 0) AS refuted,
    coalesce(v.not_enough_info, 0) AS not_enough_info,
    coalesce(v.disputed, 0) AS disputed,
    coalesce(v.not_checked, 0) AS not_checked,
    (SELECT count(*) FROM current_references AS f WHERE f.record_id = r.record_id) AS reference_entries,
    (SELECT count(DISTINCT s.source_id) FROM current_record_sources AS s WHERE s.record_id = r.record_id) AS sources,
    e.row_count IS NULL AS pending_claims,
    w.record_id IS NULL AS pending_review,
    m.record_id IS NULL AS pending_manifest
  FROM current_records AS r
  LEFT JOIN extracted AS e USING (record_version_id)
  LEFT JOIN verdict_counts AS v USING (record_id)
  LEFT JOIN current_reviews AS w USING (record_id)
  LEFT JOIN current_manifests AS m USING (record_id)
)
SELECT
  a.cohort,
  a.documents,
  count(p.record_id) AS records,
  coalesce(sum(p.claims), 0)::BIGINT AS claims,
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
