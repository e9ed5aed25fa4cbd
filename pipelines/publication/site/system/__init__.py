"""The system page: what the whole warehouse holds, as figures, plots and tables."""
