"""Tests of the traced engine: recorder, program, machine, and that both engines agree."""
