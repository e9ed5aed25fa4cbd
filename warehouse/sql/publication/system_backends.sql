-- By which version of which back end the verdicts in force were reached; verdicts without one judged nothing.
SELECT backend, version, count(*) AS verdicts
FROM held_claims
WHERE backend IS NOT NULL AND version IS NOT NULL
GROUP BY ALL
ORDER BY verdicts DESC, backend, version;
