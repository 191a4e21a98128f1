"""Which kernel runs a notebook: this installation's own Python, whatever name is written. Starts none.

A notebook carries the name of the kernel of whoever saved it: none (VS Code, Colab, nbstripout), that of a conda
environment, that of another language. One rule holds for every engine, and for papermill with ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stats.errors import ParamsError
from stats.texts.privacy import quoted

OWN: Mapping[str, str] = {"name": "python3", "display_name": "Python 3", "language": "python"}
_NAMES = frozenset({"python3", "python"})
_LANGUAGES = frozenset({"python", "python3", "ipython"})


def refuse_other_languages(metadata: Mapping[str, Any], notebook: str) -> None:
    """ParamsError where a notebook is of another language than Python, or may be: an unknown kernel, no language.

    >>> refuse_other_languages({"kernelspec": {"name": "conda-env-stats-py", "language": "python"}}, "town.ipynb")
    >>> refuse_other_languages({"kernelspec": {"name": "ir", "language": "R"}}, "town.ipynb")
    Traceback (most recent call last):
    stats.errors.ParamsError: 笔记本 town.ipynb 的语言是“R”，只能运行 Python 的笔记本
    处理办法：请在 JupyterLab 中打开 town.ipynb，把内核换成“Python 3”后保存，或换用 Python 写的笔记本
    """
    remedy = f"请在 JupyterLab 中打开 {notebook}，把内核换成“Python 3”后保存，或换用 Python 写的笔记本"
    languages = tuple(_languages(metadata))
    for language in languages:
        if language.casefold() not in _LANGUAGES:
            raise ParamsError(f"笔记本 {notebook} 的语言是“{quoted(language)}”，只能运行 Python 的笔记本", remedy)
    name = _kernel(metadata)
    if not languages and name and name not in _NAMES:
        raise ParamsError(f"笔记本 {notebook} 的内核“{quoted(name)}”没有写明语言，不知道是不是 Python", remedy)


def remark(metadata: Mapping[str, Any], notebook: str) -> str:
    """What is said before a notebook of Python runs that names no kernel or another; empty for one that names ours.

    >>> remark({}, "town.ipynb").partition("；")[0]
    '笔记本 town.ipynb 没有写明内核，按本工具的 Python 3 运行'
    """
    name = _kernel(metadata)
    if name in _NAMES:
        return ""
    written = f"写的内核是“{quoted(name)}”" if name else "没有写明内核"
    options = "-k python3" if any(_languages(metadata)) else "-k python3 -l python"
    return (
        f"笔记本 {notebook} {written}，按本工具的 Python 3 运行；单独用 papermill 命令的，请加 {options}，"
        "或在 JupyterLab 中把内核换成“Python 3”后保存"
    )


def _kernel(metadata: Mapping[str, Any]) -> str:
    return str(metadata.get("kernelspec", {}).get("name", ""))


def _languages(metadata: Mapping[str, Any]) -> Iterator[str]:
    """Wherever a notebook says what it is written in."""
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        if said := metadata.get(part, {}).get(key):
            yield str(said)
