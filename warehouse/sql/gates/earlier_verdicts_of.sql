-- The evaluations that others took the place of, newest first. Only those of the records asked for are ranked.
SELECT DISTINCT g.record_id, g.activation_id, g.result, g.outcome, g.public_status, g.reason, g.as_of, g.gate_verdict_id
FROM gate_verdicts AS g
WHERE g.record_id IN (SELECT unnest($record_ids::VARCHAR[]))
QUALIFY dense_rank() OVER (
  PARTITION BY g.record_id, g.activation_id ORDER BY g.recorded_at DESC, g.gate_verdict_id DESC
) > 1
ORDER BY g.record_id, g.activation_id, g.as_of DESC, g.gate_verdict_id;
