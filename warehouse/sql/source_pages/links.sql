-- Who draws on a source, and how: a row for each link, with the reference it is of and the audit of that.
WITH
  entries AS (
    SELECT
      source_id, record_id, about AS reference_id, max(id) FILTER (part = 'reference') AS row_id,
      max(id) FILTER (part = 'audit') AS audit_id
    FROM parts
    WHERE part IN ('reference', 'audit')
    GROUP BY source_id, record_id, about
  ),
  -- found by their ids first, so that no other audit is read
  audits AS (
    SELECT audit_id, audit
    FROM reference_audits
    WHERE rowid IN (SELECT a.rowid FROM reference_audits AS a SEMI JOIN entries USING (audit_id))
  )
SELECT DISTINCT p.source_id, p.record_id, l.relation, l.mark, f.ordinal, a.audit
FROM parts AS p
JOIN record_sources AS l ON p.part = 'link' AND l.row_id = p.id
LEFT JOIN entries AS e ON e.source_id = p.source_id AND e.record_id = p.record_id AND e.reference_id = p.about
LEFT JOIN record_references AS f ON f.row_id = e.row_id
LEFT JOIN audits AS a ON a.audit_id = e.audit_id
ORDER BY p.source_id, p.record_id, f.ordinal, l.mark, l.relation;
