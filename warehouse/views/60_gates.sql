CREATE OR REPLACE VIEW current_gate_activations AS
SELECT *
FROM gate_activations
QUALIFY row_number() OVER (PARTITION BY activation_id ORDER BY recorded_at) = 1;

CREATE OR REPLACE VIEW current_gate_verdicts AS
SELECT g.*
FROM gate_verdicts AS g
ANTI JOIN withdrawn_records AS w ON w.record_id = g.record_id
QUALIFY row_number() OVER (
  PARTITION BY record_id, activation_id ORDER BY recorded_at DESC, gate_verdict_id DESC
) = 1;

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
