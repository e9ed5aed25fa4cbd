-- What each question was last answered with; a failure stands only where there never was an answer.
-- `retry_at` is the latest that any failure asked for: an index that said to wait is not asked before.
CREATE OR REPLACE VIEW current_lookups AS
SELECT
  l.* EXCLUDE (retry_at), max(l.retry_at) OVER (PARTITION BY l.lookup_key) AS retry_at, a.status, a.url, a.sha256
FROM index_lookups AS l
LEFT JOIN (
  SELECT answer_id, min(status) AS status, min(url) AS url, min(sha256) AS sha256
  FROM index_answers
  GROUP BY answer_id
) AS a USING (answer_id)
QUALIFY row_number() OVER (
  PARTITION BY l.lookup_key ORDER BY (l.outcome <> 'failed') DESC, l.asked_at DESC, l.recorded_at DESC, l.lookup_id DESC
) = 1;
