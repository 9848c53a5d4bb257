"""Tests of the agents: what each kind feels, asks, answers and learns."""
