"""The static site: one page for each record, an index, one style sheet. See `build.py`."""
