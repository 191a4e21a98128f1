"""The words around tables and charts that every format writes alike: caption, unit, notes, source."""

from __future__ import annotations

from stats.present.blocks import Chart, Table


def caption(block: Table | Chart) -> str:
    """Number and title, as in ``表1　各镇兵员征集情况``."""
    return "　".join(filter(None, (block.number.strip(), block.title.strip())))


def unit(table: Table) -> str:
    """The unit line, empty if the table has units of its own in a column.

    >>> unit(Table("表1", "经费", (), (), unit="万元"))
    '单位：万元'
    """
    text = table.unit.strip()
    return text if not text or text.startswith("单位") else f"单位：{text}"


def notes(block: Table | Chart) -> tuple[str, ...]:
    """The notes, the first introduced by ``注：``; several are numbered.

    >>> notes(Table("表1", "经费", (), (), notes=("甲。", "乙。")))
    ('注：1. 甲。', '　　2. 乙。')
    """
    texts = [note.strip() for note in block.notes if note.strip()]
    if len(texts) > 1 and not any(text.startswith("注") for text in texts):
        texts = [f"{place}. {text}" for place, text in enumerate(texts, 1)]
    if texts and not texts[0].startswith("注"):
        texts = [("注：" if place == 0 else "　　") + text for place, text in enumerate(texts)]
    return tuple(texts)


def source(block: Table | Chart) -> str:
    """The source line, empty if there is none."""
    text = block.source.strip()
    return text if not text or text.startswith(("资料来源", "数据来源", "来源")) else f"资料来源：{text}"
