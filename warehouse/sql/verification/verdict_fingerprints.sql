-- What the verdicts in force were reached under, of earlier claims too. One that rests on a text which was taken down
-- since is none: its claim is checked again.
WITH
  held AS (
    SELECT claim_id, verdict_id, fingerprint
    FROM verdicts
    WHERE claim_id IN (SELECT claim_id FROM claims WHERE record_id IN (SELECT unnest($record_ids::VARCHAR[])))
    QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY recorded_at DESC, verdict_id DESC) = 1
  ),
  gone AS (
    SELECT DISTINCT passage_id, source_version_id FROM passages SEMI JOIN withdrawn_versions USING (source_version_id)
  ),
  bereft AS (
    SELECT e.verdict_id FROM evidence AS e SEMI JOIN gone USING (passage_id)
    UNION
    SELECT f.verdict_id FROM found_works AS f SEMI JOIN withdrawn_versions USING (source_version_id)
  )
SELECT claim_id, fingerprint
FROM held
ANTI JOIN bereft USING (verdict_id);
