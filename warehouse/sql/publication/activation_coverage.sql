-- Each cohort under each activation: how its records came out, and how many were not evaluated (result NULL).
SELECT
  a.activation_id, r.cohort, coalesce(g.outcome, g.result, g.public_status) AS ending, g.public_status, count(*) AS records,
  max(g.as_of) AS last_evaluated
FROM current_gate_activations AS a
CROSS JOIN current_records AS r
LEFT JOIN current_gate_verdicts AS g ON g.activation_id = a.activation_id AND g.record_id = r.record_id
GROUP BY a.activation_id, r.cohort, ending, g.public_status
ORDER BY a.activation_id, r.cohort, ending, g.public_status;
