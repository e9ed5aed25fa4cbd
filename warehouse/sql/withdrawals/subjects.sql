-- Records and sources by the beginning of their id; of a source any name, of a record also its title. The last column
-- says whether it is the id itself.
SELECT DISTINCT 'record' AS kind, record_id AS id, title, record_id = $wanted AS exact
FROM current_records
WHERE starts_with(record_id, $wanted)
   OR starts_with(split_part(record_id, ':', 2), $wanted)
   OR lower(title) = lower($wanted)
UNION ALL
SELECT 'source', s.source_id, any_value(s.title), bool_or(lower(n.name) = lower($wanted))
FROM (
  SELECT source_id AS name, source_id FROM sources
  UNION
  SELECT alias AS name, source_id FROM source_aliases
  UNION
  SELECT source_id AS name, source_id FROM library_works
  UNION
  SELECT i.name, w.source_id FROM library_identifiers AS i JOIN library_works AS w USING (work_id)
) AS n
JOIN (
  SELECT source_id, title FROM sources
  UNION ALL
  SELECT source_id, title FROM library_works
) AS s USING (source_id)
WHERE starts_with(lower(n.name), lower($wanted))
   OR starts_with(lower(substring(n.name, strpos(n.name, ':') + 1)), lower($wanted))
GROUP BY s.source_id
ORDER BY ALL;
