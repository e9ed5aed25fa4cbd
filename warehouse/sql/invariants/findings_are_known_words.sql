SELECT audit_id, reference_id, finding
FROM reference_audits
WHERE finding IS NULL
   OR finding NOT IN ('FOUND', 'MISDESCRIBED', 'LIKELY_FABRICATED', 'UNFINDABLE', 'UNREACHABLE')
ORDER BY audit_id;
