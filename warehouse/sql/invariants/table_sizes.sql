SELECT table_name, row_count
FROM append_only_tables
ORDER BY table_name;
