"""The scenario: its parameters and entries, how a file is read, and how it is checked."""
