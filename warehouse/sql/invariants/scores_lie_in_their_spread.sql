SELECT review_id, record_id, score, low, high
FROM reviews
WHERE score < low
   OR score > high
   OR (score IS NULL AND (low IS NOT NULL OR high IS NOT NULL))
   OR (score IS NOT NULL AND (low IS NULL OR high IS NULL))
   OR score < 0
   OR score > 10
ORDER BY review_id;
