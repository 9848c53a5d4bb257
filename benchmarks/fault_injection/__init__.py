"""Fault injection: killed batches, damaged files, full disks and invalid input."""
