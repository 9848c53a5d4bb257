"""Independent closed forms that tests compare the model with."""
