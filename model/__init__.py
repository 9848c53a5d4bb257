"""The world of a negotiation and its rules: pure functions, worlds last, no agent classes."""
