"""Floor 4: the training report, a self-contained HTML page."""
