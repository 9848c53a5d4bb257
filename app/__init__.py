"""The browser app: one module for each page, and shared modules. `launch.py` starts it."""
