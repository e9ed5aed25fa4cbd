-- The evaluations that others took the place of, newest first.
SELECT g.record_id, g.activation_id, g.result, g.outcome, g.public_status, g.reason, g.as_of
FROM gate_verdicts AS g
ANTI JOIN current_gate_verdicts AS c USING (gate_verdict_id)
WHERE g.record_id IN (SELECT unnest($record_ids::VARCHAR[]))
ORDER BY g.record_id, g.activation_id, g.as_of DESC, g.gate_verdict_id;
