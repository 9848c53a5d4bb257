"""Tests of model/state."""
