"""The report of a record: one document, built once from what is publicly held, written as Markdown and as PDF.

Belongs here: the parts of the document, their order and bounds, and the two writers. Does not belong here: judging,
pages of the site, writing files.
"""
