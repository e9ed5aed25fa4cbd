CREATE OR REPLACE MACRO reference_audits_of(reference_ids) AS TABLE
SELECT *
FROM reference_audits
WHERE rowid IN (
  SELECT arg_max(rowid, (recorded_at, audit_id))
  FROM reference_audits
  WHERE asked_for(reference_id, reference_ids)
  GROUP BY reference_id
);

CREATE OR REPLACE VIEW current_reference_audits AS SELECT * FROM reference_audits_of(NULL);

CREATE OR REPLACE VIEW current_verdicts AS
SELECT *
FROM verdicts
WHERE rowid IN (SELECT arg_max(rowid, (recorded_at, verdict_id)) FROM verdicts GROUP BY claim_id);

CREATE OR REPLACE VIEW current_adjudications AS
SELECT *
FROM adjudications
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY recorded_at DESC, adjudication_id DESC) = 1;

-- What is publicly held about a claim: a person's verdict takes precedence.
CREATE OR REPLACE VIEW public_verdicts AS
SELECT
  c.claim_id,
  c.record_id,
  c.cohort,
  coalesce(a.verdict, v.verdict) AS verdict,
  v.verdict AS machine_verdict,
  v.verdict_id,
  CASE WHEN a.adjudication_id IS NULL THEN v.confidence END AS confidence,
  a.adjudication_id,
  coalesce(a.recorded_at, v.recorded_at) AS recorded_at
FROM current_claims AS c
LEFT JOIN current_verdicts AS v ON v.claim_id = c.claim_id
LEFT JOIN current_adjudications AS a ON a.claim_id = c.claim_id;

CREATE OR REPLACE VIEW verdict_counts AS
SELECT
  record_id,
  count(*) FILTER (WHERE verdict = 'SUPPORTED') AS supported,
  count(*) FILTER (WHERE verdict = 'REFUTED') AS refuted,
  count(*) FILTER (WHERE verdict = 'NOT_ENOUGH_INFO') AS not_enough_info,
  count(*) FILTER (WHERE verdict = 'DISPUTED') AS disputed,
  count(*) FILTER (WHERE verdict = 'NOT_CHECKED') AS not_checked
FROM public_verdicts
GROUP BY record_id;

CREATE OR REPLACE VIEW reference_counts AS
SELECT
  f.record_id,
  count(*) FILTER (WHERE a.finding = 'FOUND') AS found,
  count(*) FILTER (WHERE a.finding = 'MISDESCRIBED') AS misdescribed,
  count(*) FILTER (WHERE a.finding = 'UNFINDABLE') AS unfindable,
  count(*) FILTER (WHERE a.finding = 'LIKELY_FABRICATED') AS likely_fabricated,
  count(*) FILTER (WHERE a.finding = 'UNREACHABLE') AS unreachable,
  count(*) FILTER (WHERE a.retracted) AS retracted
FROM current_references AS f
JOIN current_reference_audits AS a USING (reference_id)
GROUP BY f.record_id;

-- What each source says of a claim on its own, a row a source; of the verdicts in force.
CREATE OR REPLACE VIEW current_source_verdicts AS
SELECT
  v.verdict_id,
  v.claim_id,
  s.one ->> 'source_id' AS source_id,
  s.one ->> 'verdict' AS verdict,
  (s.one ->> 'confidence')::DOUBLE AS confidence,
  (s.one ->> 'conflict')::BOOLEAN AS conflict,
  s.one ->> 'reason' AS reason
FROM current_verdicts AS v, (SELECT unnest(json_extract(v.per_source, '$[*]')) AS one) AS s;

-- The feature tables of the verdicts in force, a row a feature: what to read to see why.
CREATE OR REPLACE VIEW sentence_features_long AS
WITH texts AS (
  SELECT passage_id, min(text) AS text
  FROM passages
  GROUP BY passage_id
)
SELECT
  f.claim_id,
  f.verdict_id,
  f.source_id,
  f.ordinal,
  substring(t.text, f.start_offset + 1, f.end_offset - f.start_offset) AS sentence,
  f.stance,
  f.score,
  unnest(map_keys(f.features)) AS feature,
  unnest(map_values(f.features)) AS value
FROM sentence_features AS f
JOIN current_verdicts AS v USING (verdict_id)
LEFT JOIN texts AS t USING (passage_id);
