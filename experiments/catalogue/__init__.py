"""The experiments that come with the model, one file each, found by the name of the file."""
