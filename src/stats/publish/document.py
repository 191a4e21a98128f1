"""Executed notebook → document: cover and blocks in reading order. Refuses what is no block; formats nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from stats.errors import PublishError
from stats.present.blocks import MIME, Block, Chart, Cover, Heading, Note, Paragraph, Table, Tiles
from stats.publish.failed import failure
from stats.publish.links import NO_LINKS, Links
from stats.publish.markdown import MarkdownHeading, count_paragraphs, read_markdown
from stats.publish.outline import outlined
from stats.publish.printed import unexpected_lines
from stats.publish.stale_parameters import check_given

if TYPE_CHECKING:  # nbformat alone costs 2 s to import where jsonschema checks all formats
    from nbformat import NotebookNode

KINDS: dict[str, type[Block]] = {kind.kind: kind for kind in (Cover, Heading, Paragraph, Note, Table, Tiles, Chart)}
READERS: dict[type[Block], TypeAdapter[Block]] = {kind: TypeAdapter(kind) for kind in KINDS.values()}
BESIDE_A_BLOCK = frozenset({MIME, "text/html", "text/plain"})


@dataclass(frozen=True, slots=True)
class Document:
    """A published document before it has a format: its cover and, in reading order, everything else.

    ``left_out`` counts the headings and paragraphs above the cover, which are not printed; ``links`` are those of its
    page, which the notebook does not know.
    """

    cover: Cover
    blocks: tuple[Block, ...]
    left_out: int = 0
    links: Links = NO_LINKS


@dataclass(frozen=True, slots=True)
class _End:
    """The last cell ran."""


_Item = Block | MarkdownHeading | _End


def document(notebook: NotebookNode) -> Document:
    """Reads the blocks of an executed notebook.

    Text before the cover, whatever is in it, is for the person who opens the notebook and is left out (and counted),
    and so are Markdown cells tagged ``hide`` and Markdown headings with nothing below them. Markdown after the cover
    may hold headings and plain paragraphs.

    Raises PublishError if a cell failed, if the last block is not the end mark, if the cover is missing,
    doubled or not first, if heading levels are skipped, if a cell shows anything that is not a block, or if the
    parameters are not those of what is shown.
    """
    if (failed := failure(notebook)) is not None:
        raise failed
    if notebook.metadata.get("papermill", {}).get("exception"):
        raise PublishError("笔记本运行中出错，没有完成", "请打开笔记本查看出错的单元格，改正后重新运行")
    first = _place_of_cover(notebook)
    above = [cell for cell in notebook.cells[:first] if cell.cell_type != "code"]
    cells = [each for each in enumerate(notebook.cells, 1) if each[0] > first or each[1].cell_type == "code"]
    items = _before_end([item for number, cell in cells for item in _items(cell, number)])
    _check_covers(items)
    blocks = outlined(items)
    cover = _cover(blocks)
    check_given(notebook, cover)
    passed_over = sum(count_paragraphs(cell.source) for cell in above if "hide" not in _tags(cell))
    return Document(cover, tuple(blocks[1:]), left_out=passed_over)


def left_out(count: int, where: str = "") -> str:
    """What is said of so many headings and paragraphs above the cover.

    >>> left_out(1, "笔记本 town.ipynb ")
    '笔记本 town.ipynb 封面之前有 1 段文字不印；要印的，请移到封面之后，给编辑看的，可加标签 hide'
    """
    return f"{where}封面之前有 {count} 段文字不印；要印的，请移到封面之后，给编辑看的，可加标签 hide"


def _place_of_cover(notebook: NotebookNode) -> int:
    """How many cells stand above the one that shows the cover; 0 where there is no cover."""
    for place, cell in enumerate(notebook.cells):
        if any(_shows_cover(output.get("data", {}).get(MIME)) for output in cell.get("outputs", ())):
            return place
    return 0


def _shows_cover(payload: Any) -> bool:
    if not isinstance(payload, dict):
        return False
    return payload.get("kind") == Cover.kind or any(map(_shows_cover, payload.get("blocks", ())))


def _items(cell: NotebookNode, number: int) -> Iterator[_Item]:
    if cell.cell_type == "markdown":
        if "hide" not in _tags(cell):
            yield from read_markdown(cell.source, number)
    elif cell.cell_type == "code":
        if "skip-execution" in _tags(cell):
            problem = f"第 {number} 个单元格带有标签 skip-execution，不会运行，会漏掉一节内容"
            raise PublishError(problem, "请删去该标签后重新运行")
        for output in cell.get("outputs", []):
            yield from _output(output, number, hidden="hide" in _tags(cell))
    elif cell.source.strip():
        raise PublishError(f"第 {number} 个单元格是原始文本（raw），不能发布", "请改为 Markdown 单元格或删除")


def _tags(cell: NotebookNode) -> Sequence[str]:
    tags: Sequence[str] = cell.metadata.get("tags", [])
    return tags


def _output(output: NotebookNode, number: int, *, hidden: bool) -> Iterator[_Item]:
    if output.output_type == "stream":
        _refuse_stream(str(output.text), number)
        return
    data = output.data
    if MIME in data:
        _refuse_types(set(data) - BESIDE_A_BLOCK, number)
        yield from _blocks(data[MIME], number)
    elif not (hidden and set(data) <= {"text/plain"}):
        _refuse_types(set(data), number)


def _refuse_stream(text: str, number: int) -> None:
    lines = unexpected_lines(text)
    if lines:
        raise PublishError(
            f"第 {number} 个单元格打印了 {len(lines)} 行文字，不属于文档内容，多半是警告或后台出错",
            "请打开笔记本查看这些文字，消除原因后重新运行",
        )


def _refuse_types(types: set[str], number: int) -> None:
    if types:
        raise PublishError(
            f"第 {number} 个单元格的输出类型不能发布：{'、'.join(sorted(types))}",
            "文档内容只能由 present 的函数给出（标题、段落、表、图、注）",
        )


def _blocks(payload: Any, number: int) -> Iterator[_Item]:
    kind = payload.get("kind") if isinstance(payload, dict) else None
    if kind == "group":
        for part in payload.get("blocks", ()):
            yield from _blocks(part, number)
    elif kind == "end":
        yield _End()
    elif kind in KINDS:
        yield _block(KINDS[kind], {key: value for key, value in payload.items() if key != "kind"}, number)
    else:
        raise PublishError(f"第 {number} 个单元格给出的内容块类型不认识：{kind}", "请用 present 提供的函数")


def _block(kind: type[Block], payload: dict[str, Any], number: int) -> Block:
    unknown = set(payload) - {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown:
        names = "、".join(sorted(unknown))
        raise PublishError(f"第 {number} 个单元格的内容块有不认识的项：{names}", "请重新运行笔记本")
    try:
        block = READERS[kind].validate_python(payload)
    except ValidationError as error:
        where = "、".join(".".join(map(str, problem["loc"])) for problem in error.errors()[:3])
        raise PublishError(f"第 {number} 个单元格的内容块不完整：{where}", "请重新运行笔记本") from error
    if isinstance(block, Table):
        _check_table(block)
    return block


def _check_table(table: Table) -> None:
    if not table.columns:
        raise PublishError(f"表“{table.title}”没有列", "请检查生成该表的函数")
    for place, row in enumerate(table.rows, 1):
        if len(row) != len(table.columns):
            raise PublishError(
                f"表“{table.title}”第 {place} 行有 {len(row)} 格，应为 {len(table.columns)} 格", "请检查生成该表的函数"
            )


def _before_end(items: list[_Item]) -> list[Block | MarkdownHeading]:
    ends = [place for place, item in enumerate(items) if isinstance(item, _End)]
    if ends != [len(items) - 1]:
        raise PublishError("笔记本没有运行到最后一个单元格（缺少结束标记）", "请重新运行整个笔记本后再发布")
    return [item for item in items if not isinstance(item, _End)]


def _check_covers(items: list[Block | MarkdownHeading]) -> None:
    covers = [place for place, item in enumerate(items) if isinstance(item, Cover)]
    if len(covers) != 1:
        raise PublishError(f"文档应有一个封面，实有 {len(covers)} 个", "请在笔记本中恰好调用一次 cover(report)")
    if covers != [0]:
        raise PublishError("封面之前已有内容块", "请把 cover(report) 放在所有内容之前")


def _cover(blocks: list[Block]) -> Cover:
    cover = blocks[0]
    if not isinstance(cover, Cover):  # _check_covers has seen to it
        raise PublishError("文档没有封面", "请在笔记本中调用 cover(report)")
    return replace(cover, title=cover.title.strip())
