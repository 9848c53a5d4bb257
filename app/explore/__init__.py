"""Explore: many worlds of a scenario, what a change does to them, and what can be kept of it."""
