"""Writes docs/generated/ from the catalogue; `make docs` runs it and a test keeps the pages fresh. Decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from stats.catalogue import in_words
from stats.catalogue.checks import CHECKS, Check
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.seasons import Season, seasons
from stats.catalogue.variables import Variable, variables
from stats.forms.changes import changes
from stats.publish.font_faces import FACES, chain, characters
from stats.returns.form_layout import PERIODS, answered_in, form_version
from stats.texts import drawable

sys.path.insert(0, str(Path(__file__).parent))
import charts_page
from inputs_page import page as inputs_page

FOLDER = Path(__file__).parent / "generated"

_LEVELS = {"town": "乡级", "county": "县级", "both": "乡级、县级"}
_SCOPES = {"row": "每一行", "year": "全年", "last_year": "与上年相比"}
_KINDS = {
    "int": "整数",
    "decimal": "小数",
    "percent": "百分数",
    "bool": "是/否",
    "text": "文字",
    "code12": "12 位代码",
    "enum": "选项",
}


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    return {
        "indicators.md": _page("指标", _indicator_sections()),
        "checks.md": _page("校验", [_table(_CHECK_HEAD, map(_check_row, CHECKS))]),
        "variables.md": _page("变量", [_table(_VARIABLE_HEAD, map(_variable_row, variables().values()))]),
        **{f"form-changes-{year - 1}-{year}.md": _form_changes(year - 1, year) for year in _years_of_change()},
    }


def _page(title: str, sections: Iterable[str]) -> str:
    notice = "<!-- Written by `make docs` from src/stats/catalogue; do not edit. -->"
    return "\n\n".join([notice, f"# {title}", *sections]) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("\n", " ")


_INDICATOR_HEAD = (
    "编号",
    "指标",
    "单位",
    "分子",
    "分母",
    "倍数",
    "层级",
    "方向",
    "小数位",
    "全县",
    "位次",
    "公开",
    "来源",
    "说明",
)


def _indicator_sections() -> list[str]:
    by_domain = {code: [i for i in indicators().values() if i.domain == code] for code in DOMAINS}
    return [
        f"## {code} {DOMAINS[code]}\n\n{_table(_INDICATOR_HEAD, map(_indicator_row, items))}"
        for code, items in by_domain.items()
    ]


def _indicator_row(indicator: Indicator) -> tuple[str, ...]:
    return (
        indicator.code,
        indicator.name,
        indicator.unit,
        in_words.numerator(indicator),
        in_words.denominator(indicator),
        str(indicator.times),
        _LEVELS[indicator.level],
        in_words.DIRECTIONS[indicator.direction],
        str(indicator.decimals),
        in_words.COUNTY_FIGURES[indicator.aggregation],
        in_words.ranking(indicator),
        "公开" if indicator.publish == "open" else "内部",
        indicator.source,
        indicator.note,
    )


_CHECK_HEAD = ("编号", "范围", "级别", "内容", "涉及的变量", "来源")


def _check_row(check: Check) -> tuple[str, ...]:
    labels = "、".join(dict.fromkeys(variables()[name].label for name in check.rule.variables))
    return (check.id, _SCOPES[check.scope], check.severity.label, check.message, labels, check.source)


_VARIABLE_HEAD = ("变量", "标签", "领域", "填报单位", "时期", "单位", "类型", "必填", "来源", "说明")


def _variable_row(variable: Variable) -> tuple[str, ...]:
    return (
        variable.name,
        variable.label,
        DOMAINS.get(variable.domain, "基础信息"),
        _LEVELS[variable.level],
        "分季" if variable.seasonal else "全年",
        variable.unit,
        "/".join(variable.choices) if variable.choices else _KINDS[variable.kind],
        "是" if variable.required else "",
        variable.source,
        variable.note,
    )


def _years_of_change() -> list[int]:
    """The years whose form differs from the year before, as far as the catalogue declares years."""
    return sorted({season.from_year for season in seasons() if season.from_year is not None})


def _form_changes(before: int, after: int) -> str:
    found = changes(before, after)
    sections = [
        f"表式版本：{before} 年 `{form_version(before)}`，{after} 年 `{form_version(after)}`。",
        f"## 报告期\n\n{_table(('年度', '时期', '是否填报', '原因'), _season_rows(before, after))}",
        f"## 新增的问题\n\n{_questions(found.added)}",
        f"## 停用的问题\n\n{_questions(found.dropped)}",
        f"## 填报时期有变化的问题\n\n{_moved(found.moved, before, after)}",
    ]
    return _page(f"报表变化：{before} 年到 {after} 年", sections)


def _season_rows(*years: int) -> list[tuple[str, ...]]:
    return [_season_row(year, season) for year in years for season in seasons() if season.covers(year)]


def _season_row(year: int, season: Season) -> tuple[str, ...]:
    asked = "填报征集项目" if season.state == "due" else "不适用"
    return (str(year), PERIODS[season.period], asked, season.reason)


def _questions(asked: tuple[Variable, ...]) -> str:
    return _table(_VARIABLE_HEAD, map(_variable_row, asked)) if asked else "无。"


def _moved(asked: tuple[Variable, ...], *years: int) -> str:
    if not asked:
        return "无。"
    rows = ((v.name, v.label, *("、".join(PERIODS[p] for p in answered_in(v, year)) for year in years)) for v in asked)
    return _table(("变量", "标签", *(f"{year} 年" for year in years)), rows)


def others() -> dict[Path, str]:
    """What else is written from the code, by path: pages on inputs and charts, and the table of what can be shown."""
    faces = (frozenset().union(*(characters(face) for face in chain(role))) for role in FACES)
    table = Path(str(files("stats.texts"))) / drawable.TABLE
    pictures = {FOLDER / "charts" / name: svg for name, svg in charts_page.pictures().items()}
    pages = {FOLDER.parent / "inputs.md": inputs_page(), FOLDER.parent / "charts.md": charts_page.page()}
    return {**pages, **pictures, table: drawable.table_of(frozenset.intersection(*faces))}


def main() -> None:
    """Writes every page."""
    (FOLDER / "charts").mkdir(parents=True, exist_ok=True)
    for path, text in {**{FOLDER / name: text for name, text in pages().items()}, **others()}.items():
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
