-- A corpus to be searched once and thrown away: what is kept is the warehouse's.
CREATE TABLE corpus_texts (
  source_id VARCHAR,
  title VARCHAR,
  sentences VARCHAR[]
);

CREATE TABLE corpus_postings (
  source_id VARCHAR,
  term VARCHAR,
  frequency INTEGER
);
