"""The tests: they mirror the folders, and beside these stand suites that hold whole kinds."""
