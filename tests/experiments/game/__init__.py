"""Tests of experiments/game."""
