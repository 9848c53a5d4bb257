"""The browser app: one file a page, what they share beside it; started by launch.py."""
