SELECT
  record_id, stage, recorded_at, processor_seconds, model_calls, tokens_in, tokens_out, money,
  calls_without_tokens, calls_without_money
FROM record_costs
WHERE record_id IN (SELECT unnest($record_ids::VARCHAR[]))
QUALIFY row_number() OVER (PARTITION BY cost_id ORDER BY recorded_at) = 1
ORDER BY record_id, recorded_at, list_position(['claims', 'reference_audits', 'verdicts', 'reviews'], stage), cost_id;
