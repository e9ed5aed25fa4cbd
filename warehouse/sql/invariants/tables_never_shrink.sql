WITH most_held AS (
  SELECT table_name, max(row_count) AS row_count
  FROM table_sizes
  GROUP BY table_name
)
SELECT m.table_name, m.row_count AS held_before, n.row_count AS held_now
FROM most_held AS m
LEFT JOIN append_only_tables AS n USING (table_name)
WHERE n.row_count IS NULL
   OR n.row_count < m.row_count
ORDER BY m.table_name;
