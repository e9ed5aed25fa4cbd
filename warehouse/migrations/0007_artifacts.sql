-- Artifacts by content, a named person's word on each, what came of running them, and the red team's reports.

CREATE TABLE artifact_blobs (sha256 VARCHAR, size BIGINT, bytes BLOB, recorded_at TIMESTAMPTZ);
CREATE TABLE artifact_files (
  row_id VARCHAR, artifact_id VARCHAR, path VARCHAR, sha256 VARCHAR, size BIGINT, recorded_at TIMESTAMPTZ
);
-- `approved` false takes an approval back; the latest row of an artifact holds.
CREATE TABLE approvals (
  approval_id VARCHAR, artifact_id VARCHAR, approved BOOLEAN, approver VARCHAR, reason VARCHAR,
  recorded_at TIMESTAMPTZ
);
ALTER TABLE attempts ADD COLUMN record_id VARCHAR;
ALTER TABLE attempts ADD COLUMN fingerprint VARCHAR;
ALTER TABLE attempts ADD COLUMN previous_id VARCHAR;
ALTER TABLE attempts ADD COLUMN reason VARCHAR;
ALTER TABLE attempts ADD COLUMN facts VARCHAR;

CREATE TABLE red_team_reports (
  report_id VARCHAR, record_id VARCHAR, fingerprint VARCHAR, previous_id VARCHAR, reports VARCHAR,
  recorded_at TIMESTAMPTZ, run_id VARCHAR
);
