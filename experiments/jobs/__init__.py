"""Jobs of the command line, one module each: compute, show, write and draw results."""
