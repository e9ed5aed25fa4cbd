"""Extraction: from a parsed record to its claims, with true offsets.

Owns blocks and sentences of a text, citation marks, quantities, which sentence is a claim and of
what kind. Does not read files (ingestion) and does not judge whether a claim is true (verification).
In: `ParsedRecord`. Out: `Claim` and `Quantity`.
"""
