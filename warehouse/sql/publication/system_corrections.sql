SELECT
  strftime(recorded_at AT TIME ZONE 'UTC', '%Y-%m') AS month,
  kind,
  count(DISTINCT correction_id) AS corrections
FROM corrections
GROUP BY ALL
ORDER BY month DESC, kind;
