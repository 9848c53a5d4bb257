"""The scenario file: declarations of its parameters and entries, reading, and checking."""
