"""Experiments: small runs on the page, and results folders read."""
