"""The list of all records: pages that are read as they are, and data files that a search over them loads.

Belongs here: a record's line in the list, which records stand on which page, the form of the data files.
Does not belong here: the mark-up (`site/templates`), what the search does with the data (`site/site.js`).
"""
