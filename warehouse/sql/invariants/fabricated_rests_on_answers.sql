-- An index that did not answer never counts against a reference: at least two must have.
SELECT
  audit_id, reference_id,
  list_distinct(list_transform(
    list_filter(json_extract(audit, '$.answers[*]'), lambda one: one ->> 'outcome' <> 'failed'),
    lambda one: one ->> 'index'
  )) AS answered
FROM current_reference_audits
WHERE finding = 'LIKELY_FABRICATED'
  AND len(list_distinct(list_transform(
    list_filter(json_extract(audit, '$.answers[*]'), lambda one: one ->> 'outcome' <> 'failed'),
    lambda one: one ->> 'index'
  ))) < 2
ORDER BY reference_id;
