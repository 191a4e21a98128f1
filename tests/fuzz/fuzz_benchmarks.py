"""Damaged benchmarks, guided by coverage; not part of `make test`.

    python tests/fuzz/fuzz_benchmarks.py -max_total_time=300

Needs atheris. What must hold is said in ``handmade_files``.
"""

from __future__ import annotations

from handmade_files import FILES, run

if __name__ == "__main__":
    run([name for name in FILES if name.startswith("data/benchmarks/")])
