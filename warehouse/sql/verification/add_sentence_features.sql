-- Features come as a list of (key, value): a frame has no maps.
INSERT INTO sentence_features BY NAME
SELECT i.* REPLACE (map_from_entries(i.features) AS features), $recorded_at AS recorded_at, $run_id AS run_id
FROM incoming_features AS i
ANTI JOIN sentence_features AS s USING (row_id)
ORDER BY i.claim_id, i.verdict_id, i.ordinal;
