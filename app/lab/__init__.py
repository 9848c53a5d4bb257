"""Experiments: run small versions on the page, and read results folders."""
