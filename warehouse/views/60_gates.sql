CREATE OR REPLACE VIEW current_gate_activations AS
SELECT *
FROM gate_activations
QUALIFY row_number() OVER (PARTITION BY activation_id ORDER BY recorded_at) = 1;

CREATE OR REPLACE MACRO gate_verdicts_of(record_ids) AS TABLE
SELECT *
FROM gate_verdicts
WHERE rowid IN (
  SELECT arg_max(g.rowid, (g.recorded_at, g.gate_verdict_id))
  FROM gate_verdicts AS g
  ANTI JOIN withdrawn_records AS w ON w.record_id = g.record_id
  WHERE asked_for(g.record_id, record_ids)
  GROUP BY g.record_id, g.activation_id
);

CREATE OR REPLACE VIEW current_gate_verdicts AS SELECT * FROM gate_verdicts_of(NULL);

CREATE OR REPLACE VIEW current_attempts AS
SELECT *
FROM attempts
QUALIFY row_number() OVER (PARTITION BY artifact_id ORDER BY recorded_at DESC, attempt_id DESC) = 1;

CREATE OR REPLACE VIEW current_artifacts AS
SELECT t.*
FROM artifacts AS t
ANTI JOIN withdrawn_records AS w ON w.record_id = t.record_id
QUALIFY row_number() OVER (PARTITION BY artifact_id ORDER BY recorded_at) = 1;

-- A person's latest word on each artifact; where `approved` is false it was taken back.
CREATE OR REPLACE VIEW current_approvals AS
SELECT *
FROM approvals
QUALIFY row_number() OVER (PARTITION BY artifact_id ORDER BY recorded_at DESC, approval_id DESC) = 1;
