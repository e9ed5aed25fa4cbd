"""Ingestion: files, documents, published records, reference lists, the local library.

What it owns: turning bytes into `ParsedRecord`, `Reference`, `Work` and passages, with true offsets.
Does not belong here: judging whether a reference exists or a claim holds (verification), storage.
Input comes from paths the user names; output goes to extraction and verification as frozen models.
"""
