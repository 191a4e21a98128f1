"""Opens what may be opened: regular files of a bounded size. Waits for nobody, and looks at no byte."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stats.errors import AbsentError, UnreadableError

_PASSING = (errno.EIO, errno.EAGAIN, errno.EINTR, errno.ESTALE)
_ELSEWHERE = "请确认文件没有被其他程序占用且有权读取，磁盘或网络盘正常，再重新运行；原有成品未改动"
_BINARY = getattr(os, "O_BINARY", 0)
# A link put there in the meantime may be refused; a pipe that nobody writes to may not be waited for.
_NO_LINK, _NO_WAITING = getattr(os, "O_NOFOLLOW", 0), getattr(os, "O_NONBLOCK", 0)


class UnfitError(Exception):
    """What lies there, or what is in it, is not what belongs there: a line of problem, one of remedy, no file name."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy


@contextmanager
def blamed(kind: Callable[[str, str], Exception], file: str) -> Iterator[None]:
    """What is unfit in this block becomes an error of this kind, which names the file."""
    try:
        yield
    except UnfitError as unfit:
        raise kind(f"{file} {unfit.problem}", unfit.remedy) from unfit


def content(path: Path, file: str, *, largest: int, links: bool = True) -> bytes:
    """The bytes of a regular file of at most ``largest`` bytes, which is looked at before any is read.

    ``file`` is what messages call it. UnfitError where there is something else, or more, or a link and ``links`` is
    false; AbsentError where there is nothing; UnreadableError where the system does not give the bytes, tried twice.
    """
    try:
        return _content(path, largest, links=links)
    except OSError as error:
        if error.errno not in _PASSING:
            raise _refused(error, file) from error
    try:
        return _content(path, largest, links=links)
    except OSError as error:
        raise _refused(error, file) from error


def digest(path: Path, largest: int) -> str:
    """What tells whether a file is still the same: the SHA-256 of its bytes.

    Of what is too large to be read, or no file, there is no more to tell than its kind, size and time; of what the
    system does not give, the number of its error.
    """
    try:
        return hashlib.sha256(content(path, path.name, largest=largest)).hexdigest()
    except UnfitError as unfit:
        found = path.stat()
        return f"{unfit.problem} {found.st_size} {found.st_mtime_ns}"
    except UnreadableError as error:
        return str(getattr(error.__cause__, "errno", None))


def names(folder: Path, file: str) -> tuple[str, ...]:
    """What lies in a folder, in order; nothing where there is no folder.

    UnfitError where something else goes by its name, UnreadableError where the system does not say.
    """
    try:
        return tuple(sorted(os.listdir(folder)))
    except FileNotFoundError:
        if folder.is_symlink():
            raise UnfitError("是链接，所指的地方不存在", "请改为文件夹本身") from None
        return ()
    except NotADirectoryError:
        raise UnfitError("不是文件夹", "请移走该文件，改建同名的文件夹") from None
    except OSError as error:
        raise _refused(error, file) from error


def _content(path: Path, largest: int, *, links: bool) -> bytes:
    number = os.open(path, os.O_RDONLY | _NO_WAITING | _BINARY | (0 if links else _NO_LINK))
    try:
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode):
            what = "是文件夹" if stat.S_ISDIR(found.st_mode) else "不是普通文件"
            raise UnfitError(what, "请放入文件本身")
        with os.fdopen(number, "rb", closefd=False) as stream:
            data = b"" if found.st_size > largest else stream.read(largest + 1)
    finally:
        os.close(number)
    if found.st_size > largest or len(data) > largest:
        raise UnfitError(f"文件超过 {size_in_words(largest)}", "请确认没有放错文件；删去无关内容，或分成几个文件")
    return data


def size_in_words(count: int) -> str:
    """So many bytes, in MB or KB.

    >>> size_in_words(4 * 2**20), size_in_words(2**17)
    ('4 MB', '128 KB')
    """
    return f"{count // 2**20} MB" if count >= 2**20 else f"{count // 2**10} KB"


def _refused(error: OSError, file: str) -> Exception:
    if error.errno == errno.ELOOP:
        return UnfitError("是链接，不是文件", "请放入文件本身")
    kind = AbsentError if isinstance(error, FileNotFoundError) else UnreadableError
    return kind(f"读不到 {file}（{error.strerror or type(error).__name__}）", _ELSEWHERE)
