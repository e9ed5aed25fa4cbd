"""The red team: independent attackers over what the warehouse holds about a record.

Belongs here: what attackers look at (`material`), the attackers, running them (`attack`). Does not belong here: what
gate 3 makes of their reports (`red_team_gate`), storage. Nobody is scored: an attacker reports findings, each against
a claim, a check or a citation, and one that did not run is absent.
"""
