-- What literature indexes were asked and what they answered.

-- Every answer as received: `body` is deflated, `sha256` and `size` are of the body before that. `url` holds
-- neither a key nor a person's address.
CREATE TABLE index_answers (
  answer_id VARCHAR, index_name VARCHAR, method VARCHAR, url VARCHAR, status INTEGER, headers VARCHAR,
  size BIGINT, sha256 VARCHAR, body BLOB, fetched_at TIMESTAMPTZ, recorded_at TIMESTAMPTZ, run_id VARCHAR
);

-- One question to one index, asked once: 'held' with the works, 'absent', or 'failed' with the fault.
-- `answer_id` is empty where nothing came back; `retry_at` is when the index said to ask again.
CREATE TABLE index_lookups (
  lookup_id VARCHAR, lookup_key VARCHAR, index_name VARCHAR, asked_by VARCHAR, value VARCHAR, answer_id VARCHAR,
  outcome VARCHAR, fault VARCHAR, reason VARCHAR, retry_at TIMESTAMPTZ, works VARCHAR, works_sha256 VARCHAR,
  reader_version VARCHAR, asked_at TIMESTAMPTZ, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
