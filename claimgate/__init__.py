"""The front door: command line and settings.

Does not belong here: Dagster (assets/), SQL (warehouse/), how a step works (pipelines/). Everything
heavy is imported inside the command that needs it, so that `--help` answers at once.
"""
