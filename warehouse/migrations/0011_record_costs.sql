-- What work on records took: a row a record, stage and time that the stage did and saved work on it. Work that is done
-- for several records at once and cannot be divided truthfully is a row without `record_id`, of `records` records.

-- `processor_seconds`: of the whole process, while it worked on the record; reading and writing the warehouse, done for
-- many records together, is not in it; NULL where it was not measured. Tokens and `money` are over the calls of which
-- they are known, NULL where of none. Calls answered from memory are no calls.
CREATE TABLE record_costs (
  cost_id VARCHAR, record_id VARCHAR, stage VARCHAR, records BIGINT, processor_seconds DOUBLE,
  model_calls BIGINT, tokens_in BIGINT, tokens_out BIGINT, money DOUBLE, calls_without_tokens BIGINT,
  calls_without_money BIGINT, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
