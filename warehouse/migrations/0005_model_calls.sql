-- What a language model was asked and what it answered: each answered call, once.

-- `call_key` names address, model and request; its first row is the answer from then on. `body` is the answer as
-- received, deflated; `sha256` and `size` are of it before that. Tokens are empty where the service does not count
-- them, `cost` where they or the prices are unknown. Neither a key nor the request's text is kept.
CREATE TABLE model_calls (
  call_id VARCHAR, call_key VARCHAR, model VARCHAR, request_sha256 VARCHAR, status INTEGER, size BIGINT,
  sha256 VARCHAR, body BLOB, tokens_in BIGINT, tokens_out BIGINT, cost DOUBLE, seconds DOUBLE,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);
