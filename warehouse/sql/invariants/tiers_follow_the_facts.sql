-- What the tier table implies, asked of the tables that hold the facts and not of the state that holds the tier.
WITH in_force AS (
  SELECT g.record_id, g.gate, g.public_status
  FROM current_gate_verdicts AS g
  JOIN current_gate_activations AS a USING (activation_id)
  WHERE a.active_on <= $now::DATE
  QUALIFY row_number() OVER (PARTITION BY g.record_id, g.gate ORDER BY a.active_on DESC, a.activation_id DESC) = 1
),
gates AS (
  SELECT
    record_id,
    any_value(public_status) FILTER (WHERE gate = 'gate-2') AS public_status,
    bool_or(public_status = 'FALSIFIED') AS falsified
  FROM in_force
  GROUP BY record_id
),
facts AS (
  SELECT
    s.*,
    g.public_status,
    coalesce(g.falsified, FALSE) AS falsified,
    s.refuted > 0 AND s.refuted >= s.supported AS mostly_refuted
  FROM record_summaries AS s
  LEFT JOIN gates AS g USING (record_id)
),
allowed AS (
  SELECT
    *,
    CASE
      WHEN falsified THEN ['QUARANTINE_CANDIDATE']
      WHEN score IS NULL THEN ['UNRATED']
      WHEN score < 5 OR mostly_refuted THEN ['QUARANTINE_CANDIDATE']
      WHEN supported = 0 THEN ['WATCHLIST']
      WHEN score < 7.5 OR refuted > 0 THEN ['WATCHLIST', 'PUBLIC_RECORD']
      WHEN score >= 8.5 AND supported >= 5 AND disputed = 0 AND public_status IS NOT DISTINCT FROM 'VERIFIED'
        THEN ['WATCHLIST', 'FLAGSHIP_CANDIDATE']
      ELSE ['WATCHLIST', 'DOI_GRADE']
    END AS tiers
  FROM facts
)
SELECT p.record_id, p.tier, a.tiers AS allowed_tiers, a.score, a.supported, a.refuted, a.disputed, a.public_status
FROM current_public_states AS p
JOIN allowed AS a USING (record_id)
WHERE ($cohorts IS NULL OR list_contains($cohorts::VARCHAR[], a.cohort))
  AND NOT coalesce(list_contains(a.tiers, p.tier), FALSE)
ORDER BY p.record_id;
