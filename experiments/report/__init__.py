"""Reports of results folders, and comparisons of two folders, as self-contained HTML pages."""
