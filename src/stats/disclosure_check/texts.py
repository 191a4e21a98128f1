"""What is not to be handed out at all: findings with unit and rule, hashes, lists of findings. Proves nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from stats.catalogue.checks import checks
from stats.catalogue.variables import variables
from stats.disclosure.counts import protected_variables
from stats.disclosure.editions import EDITIONS
from stats.disclosure_check.findings import Leak
from stats.disclosure_check.handed_out import TEXT_SUFFIXES, HandedOut, Page
from stats.disclosure_check.names import PROTECTED_WORDS, key
from stats.inputs import UnfitError, content

_HASH = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")
_HIDDEN_TOLD = re.compile(r"(?:因数值过小|按本版规则)?不公布(?:指标值|填报数)?([0-9]+)[项个]")
_RULE = re.compile(r"(?<![0-9A-Za-z])(?:[VXO]-?[0-9]{2}|O-[A-Z]+)(?![0-9A-Za-z])")
_FINDINGS = re.compile(r"findings|问题清单|核对表", re.IGNORECASE)


def findings_told(handed_out: HandedOut, page: Page) -> Iterator[Leak]:
    """Findings that rest on a protected count and are told with the unit and what was checked."""
    rules = _rules()
    for text in page.texts:
        is_finding = "问题" in text.heading or re.match("待核对：|.*已作说明。$", text.text)
        if is_finding and text.tag in ("p", "li") and _tells(text.text, rules):
            yield Leak("told", page.file, text.place, "待核对的问题涉及受保护的小数项目，只能写条数")
    for table in page.tables:
        heads = [key(head) for head in table.heads]
        is_list = bool({"级别", "规则", "问题", "提示", "内容", "处理办法"} & set(heads))
        for row in table.rows if is_list else ():
            line = " ".join(row)
            names_unit = page.unit != handed_out.county or any(unit in line for unit in handed_out.code_of)
            if names_unit and _tells(line, rules):
                yield Leak("told", page.file, table.place, f"“{line[:40]}”：问题涉及受保护的小数项目，只能写条数")


def _tells(text: str, rules: Iterable[str]) -> bool:
    said = key(text)
    return any(rule in said for rule in rules) or (bool(_RULE.search(text)) and bool(PROTECTED_WORDS.search(said)))


def _rules() -> list[str]:
    """The words of every check of a protected answer, and the names of the questions."""
    protected = set(protected_variables())
    told = [key(check.message) for check in checks().values() if protected.intersection(check.rule.variables)]
    return told + [key(variables()[name].full_name) for name in protected]


def hidden_counts_told(handed_out: HandedOut, page: Page) -> Iterator[Leak]:
    """Numbers of hidden answers above those of protected questions that the edition holds at all."""
    rules = EDITIONS[handed_out.edition]
    most = sum(rules.shows_answer(variables()[name]) for name in protected_variables())
    for text in page.texts:
        for told in _HIDDEN_TOLD.finditer(text.text):
            is_of_unit = page.unit != handed_out.county
            if int(told[1]) > (most if is_of_unit else most * len(handed_out.units) * 2):
                yield Leak("hidden_count", page.file, text.place, f"“{told[0]}”：本版只有 {most} 个受保护的项目")
    for table in page.tables:
        columns = [i for i, head in enumerate(table.heads) if key(head) in ("不公布", "填报数")]
        for row in table.rows:
            unit = handed_out.code_of.get(row[0].strip()) if row else None
            for index in columns if unit else ():
                if index < len(row) and row[index].isdecimal() and int(row[index]) > most:
                    told_here = f"{row[0]}不公布 {row[index]} 项，本版只有 {most} 个受保护的项目"
                    yield Leak("hidden_count", page.file, table.place, told_here)


def hashes(handed_out: HandedOut, workspace: Path | None) -> Iterator[Leak]:
    """SHA-256 of returns and parameters, and of whatever else is not a file of the folder."""
    own = {_sha256(handed_out.folder / name) for name in handed_out.files()} | handed_out.listed
    of_inputs = dict(_inputs(workspace)) if workspace else {}
    for name in handed_out.files():
        if not name.endswith(TEXT_SUFFIXES):
            continue
        for digest in sorted(set(_HASH.findall(handed_out.text(name)))):
            if digest in of_inputs:
                yield Leak("hash", name, digest[:12], f"是 {of_inputs[digest]} 的 SHA-256，可据以试出隐去的数")
            elif digest not in own and name.endswith(".json"):
                yield Leak("hash", name, digest[:12], "不是本文件夹中任何文件的 SHA-256，可能来自报表或参数")


def _inputs(workspace: Path) -> Iterator[tuple[str, str]]:
    for folder in ("data", "params"):
        for path in sorted((workspace / folder).rglob("*")):
            if path.is_file() and "forms" not in path.parts:
                yield _sha256(path), path.relative_to(workspace).as_posix()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def findings_files(handed_out: HandedOut) -> Iterator[Leak]:
    """Lists of findings in the folder, or one above it, where whoever is sent the year's folder has them too."""
    for name in handed_out.files():
        if _FINDINGS.search(name):
            yield Leak("findings_file", name, "", "问题清单含填报的数，不得放在外发的文件夹里")
    above = handed_out.folder.parent
    for path in sorted(above.iterdir()):
        if path.is_file() and (_FINDINGS.search(path.name) or _has_values(path)):
            follows = "问题清单含填报的数，放在成品文件夹的上一级，会随整个年度文件夹外发"
            yield Leak("findings_file", f"../{path.name}", "", follows)


def _has_values(path: Path) -> bool:
    """Whether a table beside the editions has the columns of findings."""
    if path.suffix != ".csv":
        return False
    try:
        head = content(path, path.name, largest=64 * 2**20)[:2000].decode("utf-8", "replace")
    except UnfitError:
        return False
    return "severity" in head and "message" in head
