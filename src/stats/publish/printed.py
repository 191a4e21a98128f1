"""Text that a cell printed: what its surroundings make a library say is no content. All else may be a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PATH = r"(?:/|[A-Za-z]:\\)"
# What libraries say of the machine, the account and the folders they find; each is the beginning of a line.
_SAID = (
    # matplotlib: no folder for its cache, or the first look at the fonts
    r"Matplotlib is building the font cache",
    r"Matplotlib created a temporary (config/)?cache directory at ",
    r"mkdir -p failed for path ",
    rf"{_PATH}.* is not a writable directory$",
    r"Could not save font_manager cache ",
    # fontconfig, Qt, GTK, OpenGL: no folder, no screen
    r"Fontconfig (warning|error): ",
    r"(QStandardPaths|error): (XDG_RUNTIME_DIR|wrong permissions on runtime directory|runtime directory) ",
    r"Unable to init server: ",
    r"lib(GL|EGL) (error|warning): ",
    r"MESA(-LOADER)?: ",
    # numerics: processors
    r"OpenBLAS [Ww](ARNING|arning)\b",
    r"OMP: (Info|Warning) #",
    r"(Note: )?NumExpr (detected|defaulting to) ",
    # IPython and its debugger: no folder for the history
    r"The history saving thread hit an unexpected error \(",
    r"History will not be written to the database",
    r"\d+\.\d+s - ",
    # the shell
    rf"({_PATH}\S+|bash|sh): (warning: )?(line \d+: )?(warning: )?setlocale: ",
)
# The same as a warning of Python: file, line and kind before it, the line of source below it.
_WARNED = (
    r"IPython (parent|dir) .* is not a writable location",
    r"\[Errno \d+\].* joblib will operate in serial mode",
    r"Pandas requires version ",
)
_HARMLESS = re.compile("|".join(_SAID))
_WARNING = re.compile(rf"{_PATH}.*:\d+: \w*Warning: ({'|'.join((*_SAID, *_WARNED))})")


def unexpected_lines(text: str) -> tuple[str, ...]:
    """The lines that are not blank and not said of the surroundings.

    >>> unexpected_lines("Fontconfig error: No writable cache directories\\n12\\n")
    ('12',)
    """
    return tuple(_unexpected(text))


def _unexpected(text: str) -> Iterator[str]:
    below_a_warning = False
    for line in text.splitlines():
        is_warning = _WARNING.match(line) is not None
        is_its_source = below_a_warning and line.startswith("  ")
        if line.strip() and not (is_warning or is_its_source or _HARMLESS.match(line)):
            yield line
        below_a_warning = is_warning
