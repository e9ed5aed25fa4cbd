SELECT g.gate_verdict_id, g.record_id, g.activation_id
FROM gate_verdicts AS g
ANTI JOIN gate_activations AS a USING (activation_id)
ORDER BY g.gate_verdict_id;
