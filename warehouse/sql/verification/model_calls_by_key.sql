SELECT call_key, model, request_sha256, status, body, tokens_in, tokens_out, cost, seconds, recorded_at
FROM model_calls
WHERE call_key = $key
ORDER BY recorded_at, call_id
LIMIT 1;
