-- Questions that were answered from the literature: what was searched, and what was decided about each hit.

CREATE TABLE searches (
  search_id VARCHAR, question VARCHAR, record_id VARCHAR, document_id VARCHAR, asked_on DATE, query VARCHAR,
  indexes VARCHAR, rules VARCHAR, prisma VARCHAR, search_version VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);

-- What each index named, in its order.
CREATE TABLE search_hits (
  hit_id VARCHAR, search_id VARCHAR, index_name VARCHAR, rank INTEGER, source_id VARCHAR, title VARCHAR,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);

-- One row a work and stage: kept, a duplicate (of what), left out (why, with the score), or without a text.
CREATE TABLE search_decisions (
  decision_id VARCHAR, search_id VARCHAR, place INTEGER, stage VARCHAR, index_name VARCHAR, source_id VARCHAR,
  outcome VARCHAR, reason VARCHAR, score DOUBLE, duplicate_of VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
