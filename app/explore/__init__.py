"""Explore: simulate many worlds of a scenario, compare changes, and download the results."""
