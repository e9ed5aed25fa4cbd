SELECT now.claim_id, before.verdict, now.verdict, now.reason
FROM verdicts AS now
JOIN verdicts AS before ON before.verdict_id = now.previous_id
WHERE now.recorded_at >= ?
  AND now.verdict <> before.verdict
ORDER BY now.claim_id;
