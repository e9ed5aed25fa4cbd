"""What a configured language model is asked in a review: scores of a record, open items of a rigour scan.

Belongs here: what it is shown, which answers count, what it is asked besides so that it can be believed. Does not
belong here: calls, budget, cache (`pipelines.verification.llm_asking`).
"""
