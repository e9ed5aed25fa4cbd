-- How long a vector is, only the encoder knows: the first ones make the table.
CREATE TABLE IF NOT EXISTS corpus_vectors AS
SELECT * FROM incoming_vectors LIMIT 0;

INSERT INTO corpus_vectors BY NAME
SELECT * FROM incoming_vectors;
