"""IPython's shell, whose outputs go to a sink as nbformat outputs; what needs a kernel is refused. Forks nothing."""

from __future__ import annotations

import sys
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import comm
from ipykernel.compiler import XCachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell, InteractiveShellABC
from IPython.core.profiledir import ProfileDir
from traitlets import Bool, Type
from traitlets.config import Config

from stats.cells.sink import Sink
from stats.errors import StatsError


class NeedsKernelError(StatsError):
    """A cell asks for what only a kernel with somebody in front of it can do."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}要有内核才行，预热方式不支持", "请去掉该处，或改用标准内核重做：加 --engine stock")


def _refused(what: str) -> Any:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise NeedsKernelError(what)

    return refuse


class _ResultHook(DisplayHook):  # type: ignore[misc]
    """The value of a cell's last line."""

    shell: ZMQInteractiveShell
    _shown: tuple[Any, Any] | None = None
    _count = 0

    def start_displayhook(self) -> None:
        self.shell.is_showing_result = True

    def write_output_prompt(self) -> None:
        self._count = self.prompt_count

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self._shown = _textual(format_dict), md_dict or {}

    def finish_displayhook(self) -> None:
        self.shell.is_showing_result = False
        shown, self._shown = self._shown, None
        if shown is not None and shown[0]:
            _flush()
            self.shell.sink.output("execute_result", data=shown[0], metadata=shown[1], execution_count=self._count)


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    """What is displayed while a cell runs."""

    shell: ZMQInteractiveShell

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **others: Any) -> None:
        _flush()
        self.shell.sink.output(
            "display_data",
            data=_textual(data),
            metadata=metadata or {},
            display_id=(others.get("transient") or {}).get("display_id"),
            update=others.get("update", False),
        )

    def clear_output(self, wait: bool = False) -> None:
        _flush()
        self.shell.sink.clear(wait=wait)


class ZMQInteractiveShell(InteractiveShell):  # type: ignore[misc]
    """The shell; it has the name of a kernel's, by which pandas, rich and others know that they are in a notebook."""

    compiler_class = Type(XCachingCompiler)  # whose names for cells are in warnings and tracebacks
    displayhook_class = Type(_ResultHook)
    display_pub_class = Type(_Publisher)
    autoindent = Bool(False)
    sink: Sink
    is_showing_result = False
    error: dict[str, Any] | None = None
    has_failed_to_show = False

    def init_hooks(self) -> None:
        super().init_hooks()
        self.set_hook("show_in_pager", lambda *_, **__: None, 99)  # it is not part of the document

    def init_virtualenv(self) -> None:
        """The one that this process runs in."""

    def ask_exit(self) -> None:
        """The process ends with this cell, and the document is not complete."""
        self.exit_now = True

    def enable_gui(self, gui: str | None = None) -> None:
        """Nothing for figures within the notebook; windows are refused."""
        if gui not in (None, "inline"):
            raise NeedsKernelError(f"图形窗口（{gui}）")

    def _showtraceback(self, etype: type, evalue: BaseException | None, stb: list[str]) -> None:
        """IPython's place for a shell to say where its tracebacks go."""
        _flush()
        self.has_failed_to_show = self.has_failed_to_show or self.is_showing_result
        self.error = {"ename": str(etype.__name__), "evalue": str(evalue), "traceback": list(stb)}
        self.sink.output("error", **self.error)


InteractiveShellABC.register(ZMQInteractiveShell)


def built(folder: Path) -> ZMQInteractiveShell:
    """The one shell of this process; ``folder`` takes its profile, which stays empty: no settings of the user count."""
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    config.IPKernelApp.tqdm = "as in a kernel"  # by which it and others know a notebook
    profile = ProfileDir.create_profile_dir(str(folder / "profile"), config=config)
    shell: Any = ZMQInteractiveShell.instance(config=config, profile_dir=profile, ipython_dir=str(folder))
    shell.extension_manager.load_extension("storemagic")  # as a kernel does
    shell.display_formatter.format(None)  # it makes its parts when it is first used
    return shell  # type: ignore[no-any-return]


def refuse_what_needs_a_kernel() -> None:
    """From now on in this process, questions to a person and widgets end with an error that says so."""
    import builtins
    import getpass

    builtins.input = _refused("input()：向人提问")
    getpass.getpass = _refused("getpass()：向人提问")
    comm.create_comm = _refused("交互控件（widget）")


def _flush() -> None:
    """What was printed before comes before."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


def _textual(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with images as text."""
    return {kind: b64encode(each).decode() if isinstance(each, bytes) else each for kind, each in data.items()}
