-- Records by score, claims and supported claims, of what is publicly held.
WITH said AS (
  SELECT record_id, count(*) AS claims, count(*) FILTER (WHERE verdict = 'SUPPORTED') AS supported
  FROM held_claims
  GROUP BY record_id
),
reviewed AS (
  SELECT record_id, last(struct_pack(score) ORDER BY recorded_at, review_id).score AS score
  FROM reviews
  GROUP BY record_id
)
SELECT w.score, coalesce(s.supported, 0) AS supported, coalesce(s.claims, 0) AS claims, count(*) AS records
FROM held_records AS r
LEFT JOIN said AS s USING (record_id)
LEFT JOIN reviewed AS w USING (record_id)
GROUP BY ALL
ORDER BY ALL;
