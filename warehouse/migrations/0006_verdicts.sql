-- What a verdict holds beyond its word: shares of the three verdicts, what each source says on its own, the axes
-- (JSON, as pipelines.models has them; NULL in the verdicts of before), and what it was computed from.

ALTER TABLE verdicts ADD COLUMN probabilities VARCHAR;
ALTER TABLE verdicts ADD COLUMN per_source VARCHAR;
ALTER TABLE verdicts ADD COLUMN axes VARCHAR;

-- One row a sentence that was looked at closely, in the order of the verdict's table. Offsets are of the passage.
CREATE TABLE sentence_features (
  row_id VARCHAR, verdict_id VARCHAR, claim_id VARCHAR, source_id VARCHAR, passage_id VARCHAR,
  start_offset BIGINT, end_offset BIGINT, ordinal INTEGER, stance VARCHAR, score DOUBLE,
  features MAP(VARCHAR, DOUBLE), verifier_version VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);

-- The works of the library that were read for a verdict, found by searching for the claim. They are no sources of
-- the record: record_sources knows nothing of them. `library`: the contents that were searched, and how.
CREATE TABLE found_works (
  row_id VARCHAR, verdict_id VARCHAR, claim_id VARCHAR, rank INTEGER, score DOUBLE, source_id VARCHAR,
  source_version_id VARCHAR, library VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
