"""Rigour scans that are made here: what a paper's text reports of its method, item by item, by rule.

Does not belong here: scans that others made (`scans`), answers by a language model (`by_model`).
"""
