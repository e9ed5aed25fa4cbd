-- A record's line in the index of the site, as it was last published: a row of its batch of the stage 'site'.

CREATE TABLE index_lines (
  row_id VARCHAR, batch_id VARCHAR, record_id VARCHAR, line VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
