"""Tests of experiments/history."""
