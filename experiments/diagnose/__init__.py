"""Diagnostics of a scenario: does the model do what it claims, and what carries its results?"""
