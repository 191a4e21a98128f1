"""Writes the demonstration county: into this repository, and as the archive that `stats demo` unpacks. `make demo`."""

from __future__ import annotations

import sys
from pathlib import Path

import demo
from stats.params import load

REPOSITORY = Path(__file__).parents[2]
SHIPPED = REPOSITORY / "src" / "stats" / "build" / "workspace" / "demonstration.zip"

if not load(REPOSITORY).demonstration:
    sys.exit("params/county.yaml 不是演示县的，未写入任何文件")
demo.write(REPOSITORY)
SHIPPED.write_bytes(demo.archive())
