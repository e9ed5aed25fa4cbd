-- The source that bears each identifier, as its own id or as an alias; of two that claim one, the first.
SELECT name, min(source_id) AS source_id
FROM (
  SELECT source_id AS name, source_id FROM sources
  UNION ALL
  SELECT alias AS name, source_id FROM source_aliases
)
WHERE name IN (SELECT unnest($names::VARCHAR[]))
GROUP BY name;
