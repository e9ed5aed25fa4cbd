SELECT gate_verdict_id, record_id, outcome, public_status
FROM gate_verdicts
WHERE (public_status = 'FALSIFIED') <> (coalesce(outcome, '') = 'REFUTED')
ORDER BY gate_verdict_id;
