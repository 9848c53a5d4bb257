"""Lessons: read from docs/lessons, checked, and run on the model; a teacher writes them as text."""
