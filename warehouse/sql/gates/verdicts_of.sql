SELECT
  a.activation_id, a.gate, a.policy_version, a.title, a.active_on, a.policy,
  g.record_id, g.result, g.outcome, g.public_status, g.reason, g.fingerprint, g.as_of
FROM gate_verdicts_of($record_ids) AS g
JOIN current_gate_activations AS a USING (activation_id)
ORDER BY g.record_id, a.active_on, a.activation_id;
