"""Jobs of the command line, one file each: simulate, report progress, write and draw results."""
