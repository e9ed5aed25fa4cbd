-- What every record in force states of its gate verdict, for rules that look across records.
SELECT
  record_id,
  title,
  parsed ->> '$.question' AS question,
  parsed ->> '$.publisher' AS publisher,
  parsed -> '$.stated' AS stated
FROM current_records
WHERE (parsed ->> '$.stated.gate_status') IS NOT NULL
ORDER BY record_id;
