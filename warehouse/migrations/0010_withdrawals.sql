-- Texts that were taken down. Rows of other tables stay; the columns that held the text are overwritten, which happens
-- nowhere else (warehouse/erasure.py names them all).

-- `kind` is 'record' or 'source'. `tombstone` says what was removed: hashes, sizes and counts, no words of it.
CREATE TABLE withdrawals (
  withdrawal_id VARCHAR, kind VARCHAR, subject_id VARCHAR, reason VARCHAR, withdrawn_by VARCHAR, tombstone VARCHAR,
  recorded_at TIMESTAMPTZ
);
-- What a withdrawn text is known by when it comes again: `kind` is 'record', 'document' or 'record text' (ids and
-- hashes of a record), 'source' (any name of it), 'version' or 'text' (id and hash of a source's text).
CREATE TABLE withdrawn_marks (
  row_id VARCHAR, withdrawal_id VARCHAR, kind VARCHAR, mark VARCHAR, recorded_at TIMESTAMPTZ
);
-- The database file was written anew after the withdrawal, so that no freed block of it holds the text.
CREATE TABLE file_rewrites (row_id VARCHAR, withdrawal_id VARCHAR, recorded_at TIMESTAMPTZ);
