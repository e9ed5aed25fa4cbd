SELECT o.number, t.source_id, t.title, t.sentences
FROM corpus_order AS o
JOIN corpus_texts AS t ON t.source_id = o.source_id
WHERE o.number IN (SELECT unnest($numbers));
