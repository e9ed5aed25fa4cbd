-- What was taken in is whole and broke no rule; the columns are copies of what the scan says.
SELECT scan_id, file_name, warnings
FROM imported_scans
WHERE coalesce('arxiv:' || arxiv_id, '') NOT IN (SELECT source_id FROM withdrawn_sources)
  AND coalesce('doi:' || doi, '') NOT IN (SELECT source_id FROM withdrawn_sources)
  AND (NOT coalesce(json_valid(scan) AND json_valid(warnings), FALSE)
   OR TRY(json(scan) ->> 'scan_id') IS DISTINCT FROM scan_id
   OR TRY((json(scan) ->> 'scan_version')::INTEGER) IS DISTINCT FROM scan_version
   OR TRY(json_array_length(scan, '$.answers')) IS NOT DISTINCT FROM 0
   OR list_contains(TRY(json_extract_string(warnings, '$[*].severity')), 'error'))
ORDER BY scan_id;
