"""Plot functions: one module per figure, from plain values to a Figure; style.py is shared."""
