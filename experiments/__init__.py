"""Runs of many worlds: engine, statistics, results, plots, the main job."""
