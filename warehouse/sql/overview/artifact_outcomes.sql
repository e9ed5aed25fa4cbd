SELECT coalesce(a.outcome, 'NOT_ATTEMPTED') AS outcome, count(*) AS artifacts
FROM current_artifacts AS t
JOIN current_claims AS c USING (claim_id)
LEFT JOIN current_attempts AS a USING (artifact_id)
GROUP BY ALL
ORDER BY ALL;
