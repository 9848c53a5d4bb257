"""Tests of model/economy."""
