-- The postings of works whose length is not there yet: length and postings come in one transaction.
INSERT INTO library_postings BY NAME
SELECT i.*, $recorded_at AS recorded_at, $run_id AS run_id
FROM incoming_postings AS i
ANTI JOIN library_lengths AS l
  ON l.work_id = i.work_id AND l.terms_version = i.terms_version
ORDER BY i.term, i.work_id;
