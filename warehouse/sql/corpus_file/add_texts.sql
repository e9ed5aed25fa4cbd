INSERT INTO corpus_texts BY NAME
SELECT * FROM incoming_texts;
