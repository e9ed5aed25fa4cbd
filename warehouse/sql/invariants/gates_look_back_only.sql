SELECT gate_verdict_id, record_id, as_of, recorded_at
FROM gate_verdicts
WHERE as_of > recorded_at
ORDER BY gate_verdict_id;
