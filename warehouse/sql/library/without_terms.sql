-- Those of the works that no terms of this version are held for.
SELECT w.work_id
FROM (SELECT unnest($work_ids) AS work_id) AS w
ANTI JOIN (SELECT work_id FROM library_lengths WHERE terms_version = $terms_version) AS l USING (work_id);
