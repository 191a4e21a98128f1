"""Questions to the person at the terminal, one line each. Asks nobody where there is no terminal."""

from __future__ import annotations

import sys

from stats.terminal import say

_YES = frozenset({"是", "对", "y", "yes", "shi"})


def at_terminal() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin is not None and sys.stdin.isatty()


def asked(question: str) -> str:
    """The answer, without outer space; empty where there is none."""
    say(question)
    return sys.stdin.readline().strip()


def confirmed(question: str) -> bool:
    """Whether the answer is yes; anything else is no."""
    return asked(f"{question}［是／否］").lower() in _YES
