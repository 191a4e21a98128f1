"""The set as one PDF, in a process of its own: ``python -m stats.publish.binding`` takes a request, gives the file."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import TimeoutExpired, run

from stats.errors import PublishError, StatsError


def bind(notebooks: Sequence[Path], title: str, seconds: float) -> bytes:
    """One PDF of the documents of these executed notebooks, in this order, as ``pdf.make_bound`` says.

    typst keeps threads and, for a large set, a gigabyte of memory: both end with the process. PublishError where that
    fails or takes longer than ``seconds``.
    """
    request = json.dumps({"notebooks": [str(path.resolve()) for path in notebooks], "title": title})
    try:
        ended = run(
            [sys.executable, "-P", "-m", __name__],
            input=request.encode(),
            capture_output=True,
            check=False,
            timeout=seconds,
        )
    except (TimeoutExpired, OSError) as error:
        raise PublishError(f"合订本没有做成：{error}", "请重新运行") from error
    if ended.returncode or not ended.stdout.startswith(b"%PDF-"):
        said = ended.stderr.decode("utf-8", "replace").strip().splitlines()
        raise PublishError(
            f"合订本没有做成：{said[-1] if said else '进程中断'}", "请重新运行；仍不行，请报告给维护人员"
        )
    return ended.stdout


def _main() -> int:
    import nbformat

    from stats.publish.document import document
    from stats.publish.pdf import make_bound

    request = json.load(sys.stdin.buffer)
    try:
        documents = [document(nbformat.read(path, as_version=4)) for path in request["notebooks"]]  # type: ignore[no-untyped-call]
        sys.stdout.buffer.write(make_bound(documents, request["title"]))
    except StatsError as error:
        sys.stderr.buffer.write(error.problem.encode())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
