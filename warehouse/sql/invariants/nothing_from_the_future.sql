-- A minute is allowed for clocks that differ.
SELECT table_name, latest
FROM append_only_tables
WHERE latest > $now + INTERVAL 1 MINUTE
ORDER BY table_name;
