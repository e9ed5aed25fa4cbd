SELECT quarantine_id, file_name, findings
FROM quarantined_scans
WHERE NOT coalesce(json_valid(findings), FALSE)
   OR NOT coalesce(list_contains(TRY(json_extract_string(findings, '$[*].severity')), 'error'), FALSE)
ORDER BY quarantine_id;
