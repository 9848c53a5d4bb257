"""Factorial experiments: factors and levels, contrasts, and findings with intervals."""
