"""Reports of results folders, and comparisons of two, as single pages that need nothing else."""
