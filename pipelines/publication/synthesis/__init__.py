"""Synthesis: an answer to a question, made of sentences that the works found say themselves.

Pure: findings are quoted, grouped by agreement and conflict, and written as a document that is then
checked like anybody's record. Does not belong here: search (ingestion), HTTP, storage.
"""
