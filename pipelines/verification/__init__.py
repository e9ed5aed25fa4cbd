"""Verification: does a source say what a claim says, and is a reference what it is said to be.

Owns reading of sentences for comparison, cues for and against, verdicts, their confidence, and the
audit of references. Does not belong here: fetching (ingestion), claim extraction, SQL, a clock.
Input: claims, passages and works of `pipelines.models`; output: `Verdict` and `ReferenceAudit`.
"""
