"""Tests of the model: its rules one by one, and whole kinds of them."""
