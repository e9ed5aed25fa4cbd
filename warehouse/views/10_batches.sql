-- What is in force of a table is told once, by a macro over the keys asked for; the view of all is that macro with NULL.
-- Asked for some, only their rows are ranked: a view ranks the whole table before a row is chosen.
CREATE OR REPLACE MACRO asked_for(key, keys) AS keys IS NULL OR key IN (SELECT unnest(keys::VARCHAR[]));

-- The batch in force for each piece of work: the latest one. De-duplicates racing writers. To be asked for one stage:
-- then the batches of that stage alone are ranked.
CREATE OR REPLACE VIEW current_batches AS
SELECT *
FROM batches
QUALIFY row_number() OVER (PARTITION BY stage, subject_id ORDER BY recorded_at DESC, batch_id DESC) = 1;

CREATE OR REPLACE MACRO batches_of(of_stage, subject_ids) AS TABLE
SELECT batch_id
FROM batches
WHERE stage = of_stage AND asked_for(subject_id, subject_ids)
QUALIFY row_number() OVER (PARTITION BY subject_id ORDER BY recorded_at DESC, batch_id DESC) = 1;

-- Of a stage whose pieces of work are versions of records.
CREATE OR REPLACE MACRO batches_of_records(of_stage, record_ids) AS TABLE
SELECT batch_id
FROM batches
WHERE stage = of_stage
  AND subject_id IN (SELECT record_version_id FROM records WHERE asked_for(record_id, record_ids))
QUALIFY row_number() OVER (PARTITION BY subject_id ORDER BY recorded_at DESC, batch_id DESC) = 1;
