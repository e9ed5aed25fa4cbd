SELECT DISTINCT p.source_id, i.scan_id, i.recorded_at, i.scan
FROM parts AS p
JOIN imported_scans AS i ON p.part = 'imported scan' AND i.scan_id = p.id
ORDER BY p.source_id, i.recorded_at, i.scan_id;
