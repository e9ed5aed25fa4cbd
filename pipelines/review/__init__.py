"""Review: what is wrong with a record as published, how reviewers score it, how rigorous its sources are.

Belongs here: findings by rule, reviewers and their agreement, rigour scans of source texts.
Does not belong here: checking claims against sources (verification), passing or failing (gates),
levels and tiers (publication). Input: parsed records, claims, verdicts, audits, source texts.
"""
