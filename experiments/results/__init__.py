"""Results folders: the only code that knows their layout and writes their files."""
