-- Of each imported scan the text that it was held against last.
SELECT c.scan_id, arg_max(c.text_name, (c.recorded_at, c.check_id)) AS text_name
FROM parts AS p
JOIN scan_checks AS c ON p.part = 'check' AND c.check_id = p.id
GROUP BY c.scan_id;
