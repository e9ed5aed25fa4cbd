-- The local library, indexed once. A work is stored under the hash of all that is known of it, its
-- terms under the version of the rules that made them; what a library held is a row set of its own
-- under the library's digest, so that works which left it stay in the history and are not found.

CREATE TABLE library_works (
  work_id VARCHAR, source_id VARCHAR, title VARCHAR, normalised_title VARCHAR, year INTEGER, text VARCHAR,
  work VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE library_identifiers (
  row_id VARCHAR, name VARCHAR, work_id VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);

-- One row a work and version of the rules, written together with its postings: the mark that they are there.
CREATE TABLE library_lengths (
  row_id VARCHAR, work_id VARCHAR, terms_version VARCHAR, length BIGINT, title_length BIGINT,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);
-- frequency: in title and text together; title_frequency: in the title alone.
CREATE TABLE library_postings (
  term VARCHAR, work_id VARCHAR, terms_version VARCHAR, frequency INTEGER, title_frequency INTEGER,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);

CREATE TABLE library_files (
  row_id VARCHAR, digest VARCHAR, library VARCHAR, name VARCHAR, file_id VARCHAR, size BIGINT,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE library_contents (
  row_id VARCHAR, batch_id VARCHAR, digest VARCHAR, library VARCHAR, work_id VARCHAR,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);
