"""Tests of the browser app: its logic without a browser, its components, and its pages."""
