SELECT
  count(*) AS reviewed,
  count(w.held.agreement) AS with_alpha,
  quantile_cont(w.held.agreement, 0.25) AS lower_quartile,
  quantile_cont(w.held.agreement, 0.5) AS median,
  quantile_cont(w.held.agreement, 0.75) AS upper_quartile,
  count(*) FILTER (WHERE w.held.agreement >= 0.8) AS at_least_0800,
  count(*) FILTER (WHERE w.held.agreement >= 0.667 AND w.held.agreement < 0.8) AS from_0667,
  avg(w.held.reviewer_count) AS reviewers_mean
FROM (
  SELECT
    record_id,
    last(struct_pack(agreement, reviewer_count) ORDER BY recorded_at, review_id) AS held
  FROM reviews
  GROUP BY record_id
) AS w
SEMI JOIN held_records AS r ON r.record_id = w.record_id;
