CREATE OR REPLACE VIEW current_rigor_scans AS
SELECT s.*
FROM rigor_scans AS s
JOIN current_batches AS b USING (batch_id)
ANTI JOIN withdrawn_versions AS w ON w.source_version_id = s.source_version_id
QUALIFY row_number() OVER (PARTITION BY s.source_version_id ORDER BY s.recorded_at DESC, s.row_id DESC) = 1;

CREATE OR REPLACE VIEW current_reviews AS
SELECT *
FROM reviews
QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY recorded_at DESC, review_id DESC) = 1;
