-- Claims that a person judged, by the tenth that the confidence of the machine's verdict in force lies in, (from, to];
-- NULL where it gave none.
SELECT
  CASE WHEN confidence IS NOT NULL THEN greatest(1, ceil(confidence * 10)) END AS tenth,
  count(*) AS cases,
  avg(confidence) AS mean_confidence,
  count(*) FILTER (WHERE by_machine = by_person) AS agreed
FROM held_claims
WHERE by_person IS NOT NULL
GROUP BY tenth
ORDER BY tenth;
