"""Figures: one file per plot, from plain values to a matplotlib Figure; style.py is shared."""
