SELECT g.activation_id, coalesce(g.outcome, g.result) AS outcome, count(*) AS records
FROM current_gate_verdicts AS g
JOIN current_records AS r USING (record_id)
WHERE g.activation_id IN (SELECT unnest($activation_ids::VARCHAR[]))
GROUP BY ALL
ORDER BY ALL;
