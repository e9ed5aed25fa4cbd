"""Sentences rewritten by rule, for training and for metamorphic tests.

`rules` holds the table of rewriting rules, `rows` the rows made with them, `reworded` rows whose claim and
evidence tell one finding in different words, `withheld` which documents are kept out of all of them.
"""
