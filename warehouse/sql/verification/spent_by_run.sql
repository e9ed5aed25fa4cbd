SELECT
  count(*) AS calls,
  sum(tokens_in)::BIGINT AS tokens_in,
  sum(tokens_out)::BIGINT AS tokens_out,
  sum(cost) AS money,
  count(*) FILTER (WHERE tokens_in IS NULL OR tokens_out IS NULL) AS calls_without_tokens,
  count(*) FILTER (WHERE cost IS NULL) AS calls_without_money
FROM model_calls
WHERE run_id = $run_id;
