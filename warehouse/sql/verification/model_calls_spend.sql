SELECT day, model, calls, tokens_in, tokens_out, calls_without_tokens, cost, calls_without_cost, seconds
FROM model_spend
ORDER BY day, model;
