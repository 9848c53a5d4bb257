"""Diagnostics: check how well the rules of the model work in a scenario."""
