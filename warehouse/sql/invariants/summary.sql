SELECT
  record_id, cohort, extracted, supported, refuted, not_enough_info, disputed, not_checked,
  supported + refuted + not_enough_info + disputed + not_checked AS judged,
  score, low, high
FROM record_summaries
WHERE ($cohorts IS NULL OR list_contains($cohorts::VARCHAR[], cohort))
ORDER BY record_id;
