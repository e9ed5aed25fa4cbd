"""Gates: pass or fail questions about a record, each under a versioned policy with an activation date.

Belongs here: policies, the facts each gate looks at, their evaluation. Does not belong here: scores
(review), levels and tiers (publication), storage. Input: `GateFacts` as of a time; output: `GateVerdict`.
"""
