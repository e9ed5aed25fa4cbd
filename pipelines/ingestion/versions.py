"""The versions of this stage's steps: what they write is done again when one of these changes.

Raise one whenever its step would read the same input differently.
"""

READER_VERSION = "reader-2"  # documents and records
MATCHER_VERSION = "matcher-2"  # references to works
PASSAGES_VERSION = "passages-1"  # texts to passages
LIBRARY_VERSION = "library-1"
