-- The batch in force for each piece of work: the latest one. De-duplicates racing writers. To be asked for one stage:
-- then the batches of that stage alone are ranked.
CREATE OR REPLACE VIEW current_batches AS
SELECT *
FROM batches
QUALIFY row_number() OVER (PARTITION BY stage, subject_id ORDER BY recorded_at DESC, batch_id DESC) = 1;
