-- The printed counts, the hits and the decisions are three tables; what one loses, the others show.
WITH counted AS (
  SELECT
    search_id,
    count(*) FILTER (stage = 'identification') AS identified,
    count(*) FILTER (stage = 'identification' AND outcome = 'duplicate') AS duplicates,
    count(*) FILTER (stage = 'screening') AS screened,
    count(*) FILTER (stage = 'screening' AND outcome = 'excluded') AS excluded,
    count(*) FILTER (stage = 'retrieval') AS sought,
    count(*) FILTER (stage = 'retrieval' AND outcome = 'not retrieved') AS not_retrieved,
    count(*) FILTER (stage = 'assessment') AS assessed,
    count(*) FILTER (stage = 'assessment' AND outcome = 'excluded') AS excluded_assessed,
    count(*) FILTER (stage = 'assessment' AND outcome = 'kept') AS included
  FROM search_decisions
  GROUP BY search_id
),
named AS (SELECT search_id, count(*) AS hits FROM search_hits GROUP BY search_id),
printed AS (
  SELECT
    search_id,
    (prisma ->> '$.duplicates_removed')::BIGINT AS duplicates,
    (prisma ->> '$.screened')::BIGINT AS screened,
    (prisma ->> '$.sought')::BIGINT AS sought,
    (prisma ->> '$.not_retrieved')::BIGINT AS not_retrieved,
    (prisma ->> '$.assessed')::BIGINT AS assessed,
    (prisma ->> '$.included')::BIGINT AS included
  FROM searches
)
SELECT
  s.search_id, s.question, coalesce(n.hits, 0) AS hits, c.identified, c.duplicates, c.screened, c.excluded, c.sought,
  c.not_retrieved, c.assessed, c.excluded_assessed, c.included, p.included AS printed_included
FROM searches AS s
JOIN printed AS p USING (search_id)
LEFT JOIN counted AS c USING (search_id)
LEFT JOIN named AS n USING (search_id)
WHERE coalesce(n.hits, 0) <> coalesce(c.identified, 0)
  OR coalesce(c.screened, 0) <> coalesce(c.identified, 0) - coalesce(c.duplicates, 0)
  OR coalesce(c.sought, 0) <> coalesce(c.screened, 0) - coalesce(c.excluded, 0)
  OR coalesce(c.assessed, 0) <> coalesce(c.sought, 0) - coalesce(c.not_retrieved, 0)
  OR coalesce(c.included, 0) <> coalesce(c.assessed, 0) - coalesce(c.excluded_assessed, 0)
  OR p.duplicates IS DISTINCT FROM coalesce(c.duplicates, 0)
  OR p.screened IS DISTINCT FROM coalesce(c.screened, 0)
  OR p.sought IS DISTINCT FROM coalesce(c.sought, 0)
  OR p.not_retrieved IS DISTINCT FROM coalesce(c.not_retrieved, 0)
  OR p.assessed IS DISTINCT FROM coalesce(c.assessed, 0)
  OR p.included IS DISTINCT FROM coalesce(c.included, 0)
ORDER BY s.search_id;
