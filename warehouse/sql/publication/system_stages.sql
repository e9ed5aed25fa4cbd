SELECT *
FROM (
  SELECT
    stage,
    record_id IS NULL AS shared,
    count(DISTINCT record_id) AS records,
    sum(processor_seconds) AS processor_seconds,
    sum(times_without_seconds)::BIGINT AS times_without_seconds,
    sum(model_calls)::BIGINT AS model_calls,
    sum(tokens_in)::BIGINT AS tokens_in,
    sum(tokens_out)::BIGINT AS tokens_out,
    sum(money) AS money
  FROM record_costs_in_total
  GROUP BY ALL
)
ORDER BY list_position(['claims', 'reference_audits', 'verdicts', 'reviews'], stage), stage, shared;
