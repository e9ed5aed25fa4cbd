"""Rigour scans that others made, and scans of any origin beside each other: import, check, rates, export.

Does not belong here: making a scan (`rigor`).
"""
