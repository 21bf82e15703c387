"""Floor 4: the training report, a page that needs nothing else."""
