-- What each record took in all, a row a stage; `record_id` is NULL for what several records took together.
-- `times_without_seconds` says of how many of the `times` the seconds are not known.
CREATE OR REPLACE VIEW record_costs_in_total AS
SELECT
  record_id,
  stage,
  count(*) AS times,
  sum(processor_seconds) AS processor_seconds,
  count(*) FILTER (WHERE processor_seconds IS NULL) AS times_without_seconds,
  sum(model_calls)::BIGINT AS model_calls,
  sum(tokens_in)::BIGINT AS tokens_in,
  sum(tokens_out)::BIGINT AS tokens_out,
  sum(money) AS money,
  sum(calls_without_tokens)::BIGINT AS calls_without_tokens,
  sum(calls_without_money)::BIGINT AS calls_without_money,
  max(recorded_at) AS latest
FROM (SELECT * FROM record_costs QUALIFY row_number() OVER (PARTITION BY cost_id ORDER BY recorded_at) = 1)
GROUP BY record_id, stage;
