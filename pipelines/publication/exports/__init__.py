"""Exports: a record as other tools read it, each form in a module of its own.

Belongs here: bibliographies (BibTeX, RIS, CSL-JSON), tables of claims (CSV, Parquet), and what machines link
(RO-Crate, PROV, JSON-LD). Does not belong here: the manifest, which is ours, and pages. Input: a `PublicRecord`;
output: text or bytes, the same for the same record; nothing is read but the record.
"""
