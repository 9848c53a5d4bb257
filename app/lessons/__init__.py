"""Lessons: read them from docs/lessons, check them, and run them on the model."""
