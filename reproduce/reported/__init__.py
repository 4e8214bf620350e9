"""The report's numbers as data, and nothing else."""
