-- What the pages of sources are made of, a row a piece: which source, which record, what it is, its id, and the claim or
-- reference that it is about. All records that draw on these sources count, not only those of the run. Whatever
-- `source_pages` reads of a source has its part here. A source that nobody draws on any more stays where it has a page.
-- 'page': the record has one, or gets it in this run.
WITH
  wanted AS (SELECT DISTINCT unnest($record_ids::VARCHAR[]) AS record_id),
  asked AS (SELECT DISTINCT unnest($source_ids::VARCHAR[]) AS source_id),
  said AS (SELECT record_id, claim_id, row_id FROM current_claims),
  judged AS (
    SELECT c.record_id, c.claim_id, v.verdict_id
    FROM verdicts AS v
    JOIN said AS c USING (claim_id)
    QUALIFY row_number() OVER (PARTITION BY v.claim_id ORDER BY v.recorded_at DESC, v.verdict_id DESC) = 1
  ),
  linked AS (SELECT source_id, record_id, reference_id, row_id FROM current_record_sources SEMI JOIN asked USING (source_id)),
  found AS (
    SELECT DISTINCT f.source_id, j.record_id, j.claim_id, j.verdict_id
    FROM found_works AS f
    SEMI JOIN asked AS a ON a.source_id = f.source_id
    JOIN judged AS j USING (verdict_id)
  ),
  quoted AS (
    SELECT DISTINCT e.source_id, j.record_id, j.claim_id, j.verdict_id
    FROM evidence AS e
    SEMI JOIN asked AS a ON a.source_id = e.source_id
    JOIN judged AS j USING (verdict_id)
  ),
  drawing AS (
    SELECT source_id, record_id FROM linked
    UNION
    SELECT source_id, record_id FROM found
    UNION
    SELECT source_id, record_id FROM quoted
  ),
  works AS (
    SELECT source_id FROM drawing
    UNION
    SELECT b.subject_id AS source_id FROM batches AS b SEMI JOIN asked AS a ON a.source_id = b.subject_id
    WHERE b.stage = 'source_pages'
  ),
  paged AS (
    SELECT record_id FROM wanted
    UNION
    SELECT record_id FROM pages WHERE record_id IS NOT NULL
  ),
  bearing AS (
    SELECT source_id AS name, source_id FROM works
    UNION
    SELECT a.alias AS name, a.source_id FROM source_aliases AS a SEMI JOIN works AS w ON w.source_id = a.source_id
  ),
  named AS (
    SELECT scan_id, 'arxiv:' || arxiv_id AS name FROM imported_scans WHERE arxiv_id IS NOT NULL AND scan IS NOT NULL
    UNION
    SELECT scan_id, 'doi:' || doi AS name FROM imported_scans WHERE doi IS NOT NULL AND scan IS NOT NULL
  ),
  imported AS (SELECT DISTINCT b.source_id, n.scan_id FROM named AS n JOIN bearing AS b USING (name))
SELECT source_id, NULL AS record_id, 'source' AS part, row_id AS id, NULL AS about
FROM current_sources SEMI JOIN works USING (source_id)
UNION ALL
SELECT source_id, NULL, 'alias', row_id, NULL FROM source_aliases SEMI JOIN works USING (source_id)
UNION ALL
SELECT source_id, NULL, 'text', source_version_id, NULL FROM current_source_versions SEMI JOIN works USING (source_id)
UNION ALL
SELECT source_id, NULL, 'withdrawn', withdrawal_id, NULL FROM withdrawn_sources SEMI JOIN works USING (source_id)
UNION ALL
SELECT source_id, NULL, 'imported scan', scan_id, NULL FROM imported
UNION ALL
SELECT i.source_id, NULL, 'check', c.check_id, NULL FROM scan_checks AS c JOIN imported AS i USING (scan_id)
UNION ALL
SELECT d.source_id, d.record_id, 'record', r.row_id, NULL FROM drawing AS d JOIN current_records AS r USING (record_id)
UNION ALL
SELECT source_id, record_id, 'page', record_id, NULL FROM drawing SEMI JOIN paged USING (record_id)
UNION ALL
SELECT source_id, record_id, 'link', row_id, reference_id FROM linked
UNION ALL
SELECT l.source_id, l.record_id, 'reference', f.row_id, l.reference_id
FROM linked AS l JOIN current_references AS f USING (reference_id)
UNION ALL
SELECT l.source_id, l.record_id, 'audit', a.audit_id, l.reference_id
FROM linked AS l JOIN current_reference_audits AS a USING (reference_id)
UNION ALL
SELECT source_id, record_id, 'found', verdict_id, claim_id FROM found
UNION ALL
SELECT source_id, record_id, 'verdict', verdict_id, claim_id FROM quoted
UNION ALL
SELECT q.source_id, q.record_id, 'claim', c.row_id, q.claim_id FROM quoted AS q JOIN said AS c USING (claim_id)
UNION ALL
SELECT q.source_id, q.record_id, 'adjudication', a.adjudication_id, q.claim_id
FROM quoted AS q JOIN current_adjudications AS a USING (claim_id)
