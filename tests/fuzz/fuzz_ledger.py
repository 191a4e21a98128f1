"""Damaged ledger and lock, guided by coverage; not part of `make test`.

    python tests/fuzz/fuzz_ledger.py -max_total_time=300 -rss_limit_mb=8000

Needs atheris. What must hold is said in ``internal_files``.
"""

from __future__ import annotations

from internal_files import run

if __name__ == "__main__":
    run("ledger.jsonl", "lock.json")
