"""Contracts: what is published for machines, each with its JSON Schema, its version and its meaning.

Belongs here: the schemas, and the documents of contracts that others know by name (paper-manifest-v1,
quality-tiers-v1, ...). Does not belong here: our own manifest (`publication.manifest`), gate verdicts
(`publication.gate_contract`), judging. Field by field: docs/contracts.md.
"""
