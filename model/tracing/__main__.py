"""Compiles the machine of the traced engine, once for an installation: python -m model.tracing."""

import sys

from model.tracing import kernel


def main() -> int:
    """Compile, and say nothing unless it fails."""
    try:
        kernel.load()
    except kernel.NoKernel as error:
        sys.stderr.write(f"The machine cannot be compiled, so NumPy runs the weeks: {error}.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
