"""Figures: one file a plot, from plain values to a matplotlib Figure; look.py is their style."""
