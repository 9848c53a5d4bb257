"""The state of all worlds: its declaration, the store that holds it, and the random streams."""
