-- What an index is said to hold or not to hold must be readable again in what it answered.
SELECT l.lookup_key, l.outcome, l.answer_id
FROM index_lookups AS l
ANTI JOIN index_answers AS a USING (answer_id)
WHERE l.outcome IN ('held', 'absent')
ORDER BY l.lookup_key;
