-- A hash for each record over the ids of all that a page of it is made of, each as it is in force. Rows never change
-- and ids are hashes of content, so that the same ids are the same page. Whatever `public_records` reads has its part
-- here. Corrections only where they are asked for: the state of a record is the same whatever led to it.
WITH
  wanted AS (SELECT DISTINCT unnest($record_ids::VARCHAR[]) AS record_id),
  held AS (SELECT record_id, row_id FROM records_of($record_ids)),
  said AS (SELECT record_id, claim_id, row_id FROM claims_of($record_ids)),
  judged AS (
    SELECT c.record_id, v.verdict_id
    FROM verdicts AS v
    JOIN said AS c USING (claim_id)
    QUALIFY row_number() OVER (PARTITION BY v.claim_id ORDER BY v.recorded_at DESC, v.verdict_id DESC) = 1
  ),
  cited AS (
    SELECT record_id, reference_id, row_id FROM references_of($record_ids)
  ),
  linked AS (
    SELECT record_id, row_id, source_id, source_version_id
    FROM record_sources_of($record_ids)
  ),
  works AS (
    SELECT record_id, source_id FROM linked
    UNION
    SELECT j.record_id, f.source_id FROM found_works AS f JOIN judged AS j USING (verdict_id)
  ),
  attached AS (SELECT record_id, artifact_id FROM current_artifacts SEMI JOIN wanted USING (record_id)),
  bearing AS (
    SELECT source_id AS name, source_id FROM sources
    UNION
    SELECT alias AS name, source_id FROM source_aliases
  ),
  named AS (
    SELECT scan_id, 'arxiv:' || arxiv_id AS name FROM imported_scans WHERE arxiv_id IS NOT NULL AND scan IS NOT NULL
    UNION
    SELECT scan_id, 'doi:' || doi AS name FROM imported_scans WHERE doi IS NOT NULL AND scan IS NOT NULL
  ),
  imported AS (
    SELECT DISTINCT l.record_id, b.source_id, n.scan_id
    FROM named AS n
    JOIN bearing AS b USING (name)
    JOIN linked AS l USING (source_id)
  ),
  parts AS (
    SELECT record_id, 'record' AS part, row_id AS id FROM held
    UNION ALL
    SELECT record_id, 'claim', row_id FROM said
    UNION ALL
    SELECT record_id, 'verdict', verdict_id FROM judged
    UNION ALL
    SELECT c.record_id, 'adjudication', a.adjudication_id
    FROM current_adjudications AS a
    JOIN said AS c USING (claim_id)
    UNION ALL
    SELECT record_id, 'reference', row_id FROM cited
    UNION ALL
    SELECT f.record_id, 'audit', a.audit_id FROM current_reference_audits AS a JOIN cited AS f USING (reference_id)
    UNION ALL
    SELECT record_id, 'link', row_id FROM linked
    UNION ALL
    SELECT w.record_id, 'source', s.row_id FROM current_sources AS s JOIN works AS w USING (source_id)
    UNION ALL
    SELECT w.record_id, 'text withdrawn', x.withdrawal_id
    FROM withdrawn_sources AS x
    JOIN works AS w USING (source_id)
    UNION ALL
    SELECT record_id, 'review', review_id FROM current_reviews SEMI JOIN wanted USING (record_id)
    UNION ALL
    SELECT g.record_id, CASE WHEN a.active_on <= $today::DATE THEN 'gate in force' ELSE 'gate' END, g.gate_verdict_id
    FROM gate_verdicts_of($record_ids) AS g
    JOIN current_gate_activations AS a USING (activation_id)
    UNION ALL
    SELECT record_id, 'artifact', artifact_id FROM attached
    UNION ALL
    SELECT t.record_id, 'approval', a.approval_id FROM current_approvals AS a JOIN attached AS t USING (artifact_id)
    UNION ALL
    SELECT a.record_id, 'attempt', a.attempt_id
    FROM attempts AS a
    SEMI JOIN wanted AS w ON w.record_id = a.record_id
    QUALIFY row_number() OVER (PARTITION BY a.artifact_id ORDER BY a.recorded_at DESC, a.attempt_id DESC) = 1
    UNION ALL
    SELECT record_id, 'red team', report_id FROM current_red_team_reports SEMI JOIN wanted USING (record_id)
    UNION ALL
    SELECT record_id, 'cost', cost_id FROM record_costs SEMI JOIN wanted USING (record_id)
    UNION ALL
    SELECT s.record_id, 'search', s.search_id FROM searches AS s SEMI JOIN wanted AS w ON w.record_id = s.record_id
    QUALIFY row_number() OVER (PARTITION BY s.record_id ORDER BY s.recorded_at DESC, s.search_id DESC) = 1
    UNION ALL
    SELECT l.record_id, 'scan', s.row_id
    FROM current_rigor_scans AS s
    JOIN (SELECT DISTINCT record_id, source_version_id FROM linked) AS l USING (source_version_id)
    UNION ALL
    SELECT record_id, 'imported scan', source_id || ' ' || scan_id FROM imported
    UNION ALL
    SELECT i.record_id, 'check', c.check_id FROM scan_checks AS c JOIN imported AS i USING (scan_id)
    UNION ALL
    SELECT record_id, 'correction', correction_id
    FROM corrections
    SEMI JOIN wanted USING (record_id)
    WHERE $corrections
  )
SELECT record_id, sha256(string_agg(DISTINCT part || ' ' || id, ',' ORDER BY part || ' ' || id)) AS shown
FROM parts
GROUP BY record_id
ORDER BY record_id;
