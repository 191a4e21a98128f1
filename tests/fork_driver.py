"""A process that starts a fork server in FOLDER, prints its address, and ends it when its own input ends."""

from __future__ import annotations

import sys
from pathlib import Path

from stats.warm import fork_server, kernel


def main(folder: Path) -> None:
    with fork_server.start({"kernel": kernel.run}, prepare=lambda: kernel.prepare(folder), folder=folder) as server:
        print(server.address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
