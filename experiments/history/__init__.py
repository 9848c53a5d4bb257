"""The model held against 2018-20: patterns, history matching, baselines and scores."""
