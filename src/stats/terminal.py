"""The one way of any text to a terminal or a log: line by line, and what is not printable by its number."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from stats.errors import ExitCode
from stats.texts.printable import escaped, is_printable

if TYPE_CHECKING:
    from rich.console import Console


def say(line: str = "", *, error: bool = False) -> None:
    """Print one line, on the error output where ``error``; a line break in it is data, and is escaped too."""
    print(escaped(line), file=sys.stderr if error else sys.stdout, flush=True)


def say_ending(code: int, reason: str = "", *, error: bool = False) -> None:
    """The last line of a command that did not end with 0: the code, what it stands for, and why."""
    ending = ExitCode(code)
    if ending is not ExitCode.COMPLETE:
        say(f"退出码 {int(ending)}（{ending.meaning}）{f'：{reason}' if reason else ''}", error=error)


def say_json(content: dict[str, Any], stream: TextIO | None = None, *, indent: int | None = None) -> None:
    """Print a value for machines, to the output unless a stream is given; what is not printable as ``\\uXXXX``."""
    print(_printable_json(json.dumps(content, ensure_ascii=False, indent=indent)), file=stream, flush=True)


def _printable_json(text: str) -> str:
    """JSON may hold what a terminal may not be given, in strings only, where it has a way of writing it."""
    return "".join(c if c == "\n" or (c <= "\uffff" and is_printable(c)) else json.dumps(c)[1:-1] for c in text)


def say_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Iterable[int] = ()) -> None:
    """Print a table; the columns at ``numbers`` are set to the right."""
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for place, head in enumerate(heads):
        table.add_column(Text(escaped(head)), justify="right" if place in set(numbers) else "left")
    for row in rows:
        table.add_row(*(Text(escaped(cell)) for cell in row))
    console().print(table)


def say_above(drawn: Console, lines: Iterable[str]) -> None:
    """Print lines above what a console draws, such as a bar."""
    from rich.text import Text

    drawn.print(Text("\n".join(map(escaped, lines))), soft_wrap=True)


def console(*, error: bool = False) -> Console:
    """A console that draws: its own escape sequences reach the terminal, and it is given no text but through here."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    return Console(file=stream.unguarded if isinstance(stream, Guarded) else stream)


class Guarded:
    """A stream to a terminal or a log through which nothing goes that is not printable, whoever writes to it.

    What libraries and Python itself print (usage, warnings, tracebacks) comes this way too. Lines stay lines.
    """

    def __init__(self, stream: TextIO) -> None:
        self.unguarded = stream

    def write(self, text: str) -> int:
        """Write the text, escaped but for its line breaks."""
        self.unguarded.write("\n".join(map(escaped, text.split("\n"))))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write these texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unguarded, name)


@contextmanager
def guarded() -> Iterator[None]:
    """While the block runs, both outputs are guarded."""
    before = sys.stdout, sys.stderr
    guard()
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def guard() -> None:
    """From now on both outputs of this process are guarded; for one that prints to a log until it ends."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, Guarded):
            setattr(sys, name, Guarded(stream))
