-- Append-only and bitemporal: nothing is updated or deleted. recorded_at: when we learned it;
-- valid_at: when the world said so. Keys are derived from content.

CREATE TABLE schema_version (version INTEGER, recorded_at TIMESTAMPTZ);
CREATE TABLE schema_views (sha256 VARCHAR, recorded_at TIMESTAMPTZ);

-- What kind of warehouse this is: 'demo' holds synthetic records, 'own' never does.
CREATE TABLE warehouse_kinds (kind VARCHAR, recorded_at TIMESTAMPTZ);

-- ingestion ---------------------------------------------------------------------------------

CREATE TABLE documents (
  document_id VARCHAR, name VARCHAR, size BIGINT, bytes BLOB, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE arrivals (
  arrival_id VARCHAR, document_id VARCHAR, name VARCHAR, record_id VARCHAR, cohort VARCHAR,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE rejections (
  rejection_id VARCHAR, name VARCHAR, reason VARCHAR, document_id VARCHAR,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);

-- A batch is one piece of work done: this stage, on this subject, with this fingerprint. What a
-- stage writes names its batch, so that a new batch replaces the rows of the one before without
-- touching them.
CREATE TABLE batches (
  batch_id VARCHAR, stage VARCHAR, subject_id VARCHAR, fingerprint VARCHAR, row_count BIGINT,
  previous_batch_id VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);

CREATE TABLE records (
  row_id VARCHAR, batch_id VARCHAR, record_version_id VARCHAR, record_id VARCHAR, document_id VARCHAR,
  cohort VARCHAR, layout VARCHAR, title VARCHAR, published_on DATE, valid_at TIMESTAMPTZ,
  stated_claim_rows BIGINT, text_sha256 VARCHAR, synthetic BOOLEAN, parsed VARCHAR,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE record_references (
  row_id VARCHAR, batch_id VARCHAR, reference_id VARCHAR, record_version_id VARCHAR, ordinal INTEGER,
  mark VARCHAR, raw VARCHAR, doi VARCHAR, arxiv_id VARCHAR, pmid VARCHAR, url VARCHAR, title VARCHAR,
  reference VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE sources (
  row_id VARCHAR, source_id VARCHAR, title VARCHAR, year INTEGER, origin VARCHAR, licence VARCHAR,
  work VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE source_aliases (
  row_id VARCHAR, alias VARCHAR, source_id VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE source_notices (
  row_id VARCHAR, source_id VARCHAR, kind VARCHAR, notice VARCHAR, valid_at TIMESTAMPTZ,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE source_versions (
  source_version_id VARCHAR, source_id VARCHAR, label VARCHAR, text VARCHAR, text_sha256 VARCHAR,
  text_kind VARCHAR, complete BOOLEAN, origin VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE record_sources (
  row_id VARCHAR, batch_id VARCHAR, record_version_id VARCHAR, reference_id VARCHAR, mark VARCHAR,
  source_id VARCHAR, source_version_id VARCHAR, relation VARCHAR, answered_by VARCHAR,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE passages (
  row_id VARCHAR, passage_id VARCHAR, batch_id VARCHAR, source_id VARCHAR, source_version_id VARCHAR, ordinal INTEGER,
  start_offset BIGINT, end_offset BIGINT, text VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);

-- extraction --------------------------------------------------------------------------------

CREATE TABLE claims (
  row_id VARCHAR, batch_id VARCHAR, claim_id VARCHAR, record_id VARCHAR, record_version_id VARCHAR,
  ordinal INTEGER, text VARCHAR, normalised VARCHAR, start_offset BIGINT, end_offset BIGINT,
  origin VARCHAR, kind VARCHAR, truncated BOOLEAN, duplicate_of VARCHAR, claim VARCHAR,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);

-- verification ------------------------------------------------------------------------------

CREATE TABLE reference_audits (
  audit_id VARCHAR, reference_id VARCHAR, record_version_id VARCHAR, fingerprint VARCHAR,
  previous_id VARCHAR, finding VARCHAR, source_id VARCHAR, retracted BOOLEAN, reason VARCHAR,
  audit VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE verdicts (
  verdict_id VARCHAR, claim_id VARCHAR, fingerprint VARCHAR, previous_id VARCHAR, verdict VARCHAR,
  confidence DOUBLE, reason VARCHAR, scope VARCHAR, conflict BOOLEAN, backend VARCHAR,
  verifier_version VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE evidence (
  evidence_id VARCHAR, verdict_id VARCHAR, claim_id VARCHAR, ordinal INTEGER, passage_id VARCHAR,
  source_id VARCHAR, stance VARCHAR, score DOUBLE, start_offset BIGINT, end_offset BIGINT,
  text VARCHAR, why VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE adjudications (
  adjudication_id VARCHAR, claim_id VARCHAR, verdict VARCHAR, reason VARCHAR, adjudicator VARCHAR,
  recorded_at TIMESTAMPTZ
);

-- review ------------------------------------------------------------------------------------

CREATE TABLE rigor_scans (
  row_id VARCHAR, batch_id VARCHAR, source_version_id VARCHAR, scanned BOOLEAN, reason VARCHAR,
  scan VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE reviews (
  review_id VARCHAR, record_id VARCHAR, fingerprint VARCHAR, previous_id VARCHAR, score DOUBLE,
  low DOUBLE, high DOUBLE, agreement DOUBLE, reviewer_count INTEGER, reviews VARCHAR, summary VARCHAR,
  findings VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);

-- gates -------------------------------------------------------------------------------------

CREATE TABLE gate_activations (
  activation_id VARCHAR, gate VARCHAR, policy_version VARCHAR, title VARCHAR, active_on DATE,
  policy VARCHAR, policy_sha256 VARCHAR, recorded_at TIMESTAMPTZ
);
CREATE TABLE gate_verdicts (
  gate_verdict_id VARCHAR, record_id VARCHAR, activation_id VARCHAR, gate VARCHAR,
  policy_version VARCHAR, fingerprint VARCHAR, previous_id VARCHAR, result VARCHAR, outcome VARCHAR,
  public_status VARCHAR, reason VARCHAR, facts VARCHAR, as_of TIMESTAMPTZ, recorded_at TIMESTAMPTZ,
  run_id VARCHAR
);
CREATE TABLE artifacts (
  artifact_id VARCHAR, claim_id VARCHAR, record_id VARCHAR, kind VARCHAR, sha256 VARCHAR,
  manifest VARCHAR, recorded_at TIMESTAMPTZ
);
CREATE TABLE attempts (
  attempt_id VARCHAR, artifact_id VARCHAR, claim_id VARCHAR, outcome VARCHAR, backend VARCHAR,
  backend_is_authority BOOLEAN, detail VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);

-- publication -------------------------------------------------------------------------------

CREATE TABLE public_states (
  state_id VARCHAR, record_id VARCHAR, fingerprint VARCHAR, previous_id VARCHAR, state VARCHAR,
  level INTEGER, tier VARCHAR, score DOUBLE, gate_status VARCHAR, supported BIGINT, extracted BIGINT,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE corrections (
  correction_id VARCHAR, record_id VARCHAR, state_id VARCHAR, sequence INTEGER, kind VARCHAR,
  correction VARCHAR, previous_hash VARCHAR, hash VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE manifests (
  manifest_id VARCHAR, record_id VARCHAR, sha256 VARCHAR, previous_id VARCHAR, counts VARCHAR,
  manifest VARCHAR, recorded_at TIMESTAMPTZ, run_id VARCHAR
);
CREATE TABLE pages (
  page_id VARCHAR, record_id VARCHAR, path VARCHAR, sha256 VARCHAR, previous_id VARCHAR,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);

-- The checks' own memory: how many rows each append-only table held when last looked at.
CREATE TABLE table_sizes (table_name VARCHAR, row_count BIGINT, recorded_at TIMESTAMPTZ, run_id VARCHAR);
