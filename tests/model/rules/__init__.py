"""Tests of model/rules."""
