-- Of each artifact its latest attempt, and how many in a row were made under the fingerprint of that one.
WITH numbered AS (
  SELECT
    artifact_id,
    attempt_id,
    fingerprint,
    outcome,
    row_number() OVER latest_first AS place,
    first_value(fingerprint) OVER latest_first AS latest
  FROM attempts
  WHERE artifact_id IN (SELECT unnest($artifact_ids::VARCHAR[]))
  WINDOW latest_first AS (PARTITION BY artifact_id ORDER BY recorded_at DESC, attempt_id DESC)
)
SELECT
  artifact_id,
  arg_min(attempt_id, place) AS attempt_id,
  arg_min(fingerprint, place) AS fingerprint,
  arg_min(outcome, place) AS outcome,
  coalesce(min(place) FILTER (WHERE fingerprint IS DISTINCT FROM latest) - 1, max(place)) AS tries
FROM numbered
GROUP BY artifact_id
ORDER BY artifact_id;
