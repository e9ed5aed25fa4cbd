CREATE OR REPLACE VIEW current_red_team_reports AS
SELECT *
FROM red_team_reports
QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY recorded_at DESC, report_id DESC) = 1;

-- A row an attacker; one that did not run has no findings and says why.
CREATE OR REPLACE VIEW current_attackers AS
SELECT
  r.record_id,
  a.one ->> 'attacker' AS attacker,
  (a.one ->> 'ran')::BOOLEAN AS ran,
  a.one ->> 'reason' AS reason,
  json_array_length(a.one -> 'findings') AS findings,
  r.recorded_at
FROM current_red_team_reports AS r, (SELECT unnest(json_extract(r.reports, '$[*]')) AS one) AS a;
