"""Tests of experiments/diagnose."""
