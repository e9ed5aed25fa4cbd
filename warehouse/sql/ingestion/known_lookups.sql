-- What `current_lookups` says of these questions, ranked after they are chosen: the view ranks every row there is.
WITH asked AS (
  SELECT *
  FROM index_lookups
  WHERE lookup_key IN (SELECT unnest($keys::VARCHAR[]))
),
latest AS (
  SELECT * REPLACE (max(retry_at) OVER (PARTITION BY lookup_key) AS retry_at)
  FROM asked
  QUALIFY row_number() OVER (
    PARTITION BY lookup_key ORDER BY (outcome <> 'failed') DESC, asked_at DESC, recorded_at DESC, lookup_id DESC
  ) = 1
),
received AS (
  SELECT answer_id, min(status) AS status, min(url) AS url, min(sha256) AS sha256
  FROM index_answers
  WHERE answer_id IN (SELECT answer_id FROM latest)
  GROUP BY answer_id
)
SELECT
  lookup_key, index_name, asked_by, value, outcome, fault, reason, retry_at, works, works_sha256, reader_version,
  asked_at, status, url, sha256
FROM latest
LEFT JOIN received USING (answer_id)
ORDER BY lookup_key;
