SELECT gate_verdict_id, record_id, outcome, public_status
FROM gate_verdicts
WHERE (public_status IS NOT DISTINCT FROM 'FALSIFIED') <> (outcome IS NOT DISTINCT FROM 'REFUTED')
ORDER BY gate_verdict_id;
