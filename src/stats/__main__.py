"""``python -m stats``."""

from __future__ import annotations

import sys

from stats.cli import main

if __name__ == "__main__":
    sys.exit(main())
