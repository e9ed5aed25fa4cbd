"""Publication: everything that leaves the house, and the level and tier that are printed on it.

Belongs here: levels, tiers, manifests, corrections, exports, pages. Does not belong here: judging
claims, references or gates. Input: what the earlier stages hold; output: documents for readers.
"""
