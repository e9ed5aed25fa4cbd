CREATE OR REPLACE MACRO rigor_scans_of(source_version_ids) AS TABLE
SELECT *
FROM rigor_scans
WHERE rowid IN (
  SELECT arg_max(s.rowid, (s.recorded_at, s.row_id))
  FROM rigor_scans AS s
  JOIN batches_of('rigor_scans', source_version_ids) AS b ON b.batch_id = s.batch_id
  ANTI JOIN withdrawn_versions AS w ON w.source_version_id = s.source_version_id
  WHERE asked_for(s.source_version_id, source_version_ids)
  GROUP BY s.source_version_id
);

CREATE OR REPLACE VIEW current_rigor_scans AS SELECT * FROM rigor_scans_of(NULL);

CREATE OR REPLACE VIEW current_reviews AS
SELECT *
FROM reviews
WHERE rowid IN (SELECT arg_max(rowid, (recorded_at, review_id)) FROM reviews GROUP BY record_id);
