"""Search: from a question to the works that may answer it.

Pure: what is asked of which index, how answers are merged and screened. Does not belong here: HTTP
(`indexes`), storage (warehouse).
"""
