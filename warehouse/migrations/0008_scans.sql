-- Rigour scans that others made: imported, refused, and checked against the text of their paper.

CREATE TABLE imported_scans (
  scan_id VARCHAR, sha256 VARCHAR, file_name VARCHAR, body VARCHAR, scan_version INTEGER, title VARCHAR,
  year INTEGER, arxiv_id VARCHAR, doi VARCHAR, scan VARCHAR, warnings VARCHAR, recorded_at TIMESTAMPTZ
);
CREATE TABLE quarantined_scans (
  quarantine_id VARCHAR, sha256 VARCHAR, file_name VARCHAR, size BIGINT, body VARCHAR, scan_version INTEGER,
  findings VARCHAR, recorded_at TIMESTAMPTZ
);
CREATE TABLE scan_checks (
  check_id VARCHAR, scan_id VARCHAR, source_version_id VARCHAR, text_name VARCHAR, text_sha256 VARCHAR,
  checker_version VARCHAR, grades VARCHAR, recorded_at TIMESTAMPTZ
);
