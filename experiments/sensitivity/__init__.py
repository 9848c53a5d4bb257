"""Sensitivity studies: designs, indices, convergence and scenario discovery."""
