-- Every name of the works that bear one of $names, as their id or as an alias.
WITH
  bearing AS (
    SELECT DISTINCT source_id AS name, source_id FROM sources
    UNION
    SELECT alias AS name, source_id FROM source_aliases
    UNION
    SELECT DISTINCT source_id AS name, source_id FROM library_works
    UNION
    SELECT i.name, w.source_id FROM library_identifiers AS i JOIN library_works AS w USING (work_id)
  ),
  meant AS (SELECT DISTINCT source_id FROM bearing WHERE lower(name) IN (SELECT lower(unnest($names::VARCHAR[]))))
SELECT DISTINCT name FROM bearing SEMI JOIN meant USING (source_id)
UNION
SELECT source_id FROM meant
ORDER BY name;
