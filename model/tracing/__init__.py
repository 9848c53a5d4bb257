"""The traced engine: a week of the model recorded as one program and run block by block."""
