"""The pages of the app, one module each; see registry.py for what a module must define."""
