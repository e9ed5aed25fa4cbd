-- The first records of each activation and ending, the newest cohort first.
SELECT
  g.activation_id, coalesce(g.outcome, g.result, g.public_status) AS ending, r.record_id,
  coalesce(r.title, r.parsed ->> '$.question', '(the record states no title)') AS title, r.cohort
FROM current_gate_verdicts AS g
JOIN current_records AS r USING (record_id)
QUALIFY row_number() OVER (
  PARTITION BY g.activation_id, coalesce(g.outcome, g.result, g.public_status) ORDER BY r.cohort DESC, r.record_id
) <= $most
ORDER BY g.activation_id, ending, r.cohort DESC, r.record_id;
