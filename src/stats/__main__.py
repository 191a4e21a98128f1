"""The command ``stats``, also ``python -m stats``: it leaves the current folder out before it imports any library."""

from __future__ import annotations

import sys

from stats.import_path import leave_out_current_folder


def main() -> int:
    """Run the command and return its exit code; see :func:`stats.cli.main`."""
    leave_out_current_folder()
    from stats.cli import main

    return main()


if __name__ == "__main__":
    sys.exit(main())
