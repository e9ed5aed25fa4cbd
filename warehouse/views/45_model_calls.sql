-- What language models took, a row for each day (UTC) and model. The sums are over the calls whose tokens and cost
-- are known; the counts beside them say of how many they are not.
CREATE OR REPLACE VIEW model_spend AS
SELECT
  CAST(recorded_at AT TIME ZONE 'UTC' AS DATE) AS day,
  model,
  count(*) AS calls,
  sum(tokens_in) AS tokens_in,
  sum(tokens_out) AS tokens_out,
  count(*) FILTER (tokens_in IS NULL OR tokens_out IS NULL) AS calls_without_tokens,
  sum(cost) AS cost,
  count(*) FILTER (cost IS NULL) AS calls_without_cost,
  sum(seconds) AS seconds
FROM model_calls
GROUP BY day, model;
