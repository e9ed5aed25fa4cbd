SELECT
  g.activation_id,
  coalesce(g.held.outcome, g.held.result, g.held.public_status) AS outcome,
  count(*) AS records
FROM (
  SELECT
    record_id,
    activation_id,
    last(struct_pack(outcome, result, public_status) ORDER BY recorded_at, gate_verdict_id) AS held
  FROM gate_verdicts
  WHERE activation_id IN (SELECT unnest($activation_ids::VARCHAR[]))
  GROUP BY record_id, activation_id
) AS g
SEMI JOIN held_records AS r ON r.record_id = g.record_id
GROUP BY ALL
ORDER BY ALL;
