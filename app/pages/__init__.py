"""The pages of the app, a file each; registry.py says what such a file must hold."""
