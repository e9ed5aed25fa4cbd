-- The first records of each activation and ending, the newest cohort first. Ranked without what the records hold, which
-- is read of those shown alone.
WITH first AS (
  SELECT
    g.activation_id, coalesce(g.outcome, g.result, g.public_status) AS ending, r.row_id, r.record_id, r.cohort
  FROM current_gate_verdicts AS g
  JOIN current_records AS r USING (record_id)
  QUALIFY row_number() OVER (
    PARTITION BY g.activation_id, coalesce(g.outcome, g.result, g.public_status) ORDER BY r.cohort DESC, r.record_id
  ) <= $most
),
titles AS (
  SELECT row_id, coalesce(title, parsed ->> '$.question', '(the record states no title)') AS title
  FROM records
  WHERE rowid IN (SELECT one.rowid FROM records AS one SEMI JOIN first USING (row_id))
)
SELECT first.activation_id, first.ending, first.record_id, titles.title, first.cohort
FROM first
JOIN titles USING (row_id)
ORDER BY first.activation_id, first.ending, first.cohort DESC, first.record_id;
