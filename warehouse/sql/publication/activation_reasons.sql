-- The reasons given most often under each activation, and how many different ones there are.
WITH given AS (
  SELECT
    g.activation_id,
    CASE WHEN length(g.reason) > $longest THEN left(g.reason, $longest) || ' …' ELSE g.reason END AS reason,
    count(*) AS records
  FROM current_gate_verdicts AS g
  SEMI JOIN current_records AS r USING (record_id)
  GROUP BY ALL
)
SELECT activation_id, reason, records, count(*) OVER (PARTITION BY activation_id) AS different
FROM given
QUALIFY row_number() OVER (PARTITION BY activation_id ORDER BY records DESC, reason) <= $most
ORDER BY activation_id, records DESC, reason;
