SELECT
  model,
  count(*) AS calls,
  sum(tokens_in)::BIGINT AS tokens_in,
  sum(tokens_out)::BIGINT AS tokens_out,
  sum(cost) AS cost,
  count(*) FILTER (WHERE cost IS NULL) AS calls_without_cost,
  coalesce(sum(seconds), 0) AS seconds
FROM model_calls
GROUP BY model
ORDER BY model;
