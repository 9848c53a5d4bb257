"""Comparison of the model with 2018-20: patterns, history matching, baselines and scores."""
