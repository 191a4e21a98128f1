"""``python -m stats``, which leaves the folder it is run in out of where modules come from before it imports any."""

from __future__ import annotations

import sys

from stats.warm.import_path import leave_out_current_folder

if __name__ == "__main__":
    leave_out_current_folder()
    from stats.cli import main

    sys.exit(main())
