-- What was taken down, by what it is known by. Small, and read by most views of what is current.
CREATE OR REPLACE VIEW withdrawn_records AS
SELECT mark AS record_id, min(withdrawal_id) AS withdrawal_id
FROM withdrawn_marks
WHERE kind = 'record'
GROUP BY mark;

CREATE OR REPLACE VIEW withdrawn_documents AS
SELECT mark AS document_id, min(withdrawal_id) AS withdrawal_id
FROM withdrawn_marks
WHERE kind = 'document'
GROUP BY mark;

CREATE OR REPLACE VIEW withdrawn_sources AS
SELECT mark AS source_id, min(withdrawal_id) AS withdrawal_id
FROM withdrawn_marks
WHERE kind = 'source'
GROUP BY mark;

-- Texts of withdrawn sources, and those that came inside a withdrawn record.
CREATE OR REPLACE VIEW withdrawn_versions AS
SELECT mark AS source_version_id, min(withdrawal_id) AS withdrawal_id
FROM withdrawn_marks
WHERE kind = 'version'
GROUP BY mark;
