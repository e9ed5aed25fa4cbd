INSERT INTO corpus_postings BY NAME
SELECT * FROM incoming_postings;
