"""Tests of experiments/jobs."""
