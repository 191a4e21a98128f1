"""Tables as clerks type, paste and export them, with what each of them says: the right values are known apart.

A county's two towns and the county itself answer a few questions; a table of these answers is then put together in a
random shape (heads, order, pasted blocks, totals, notes, stated measures, separators, guards, ends). What the shape
means is worked out here from how it was made, never by the library.

    python tests/typed_tables.py FOLDER 100

writes so many tables, to look at.
"""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

from conftest import COUNTY, NEIGHBOUR, TOWN, TYPES

YEAR = "2021"
IDENTITY = ("unit_code", "unit_name", "unit_type", "stat_year", "period")
LABELS = {
    "unit_code": "统计用区划代码", "unit_name": "单位名称", "unit_type": "单位类型", "stat_year": "统计年度",
    "period": "报告期", "bas_population": "年末常住人口", "bas_villages": "行政村(社区)数",
    "sys_council_meetings": "党委议军会议次数", "rec_register_due": "应兵役登记人数",
    "rec_registered": "已兵役登记人数",
    "emg_persons": "参加应急行动民兵人数", "edu_person_times": "国防教育受教育人次", "mil_train_rate": "年度训练参训率",
    "sup_visit_funds": "节日慰问金(含慰问品)", "sup_allowance_standard": "义务兵家庭优待金年标准",
    "fnd_total": "武装工作经费投入合计", "fnd_county": "县级财政投入", "fnd_town": "镇(街道、乡)投入",
    "fnd_spent": "年内支出数",
}  # fmt: skip
UNITS = {"bas_population": "人", "bas_villages": "个", "sys_council_meetings": "次", "rec_register_due": "人",
         "rec_registered": "人", "emg_persons": "人", "edu_person_times": "人次", "mil_train_rate": "%",
         "sup_visit_funds": "万元", "sup_allowance_standard": "元", "fnd_total": "万元", "fnd_county": "万元",
         "fnd_town": "万元", "fnd_spent": "万元"}  # fmt: skip
QUESTIONS = tuple(UNITS)
MONEY = tuple(name for name, unit in UNITS.items() if unit.endswith("元"))
COUNTS = tuple(name for name in QUESTIONS if name not in (*MONEY, "mil_train_rate"))
OF_COUNTY = ("sup_visit_funds", "sup_allowance_standard", "fnd_total", "fnd_county", "fnd_town", "fnd_spent")

Answers = dict[tuple[str, str], str]
Line = list[str]


@dataclass
class Typed:
    """A table and what it says: ``values`` by unit and question; ``right`` tells what may come of it.

    "read" has every value used as it is, "refused" none; "either" only forbids another value than the right one.
    ``scale`` holds the questions whose numbers stand for other ones (typed in 元, read as 万元): none may be used.
    """

    lines: list[Line]
    values: Answers
    right: str = "read"
    made: list[str] = field(default_factory=list)
    separator: str = ","
    guard: str = ""
    ends: str = "\n"
    closed: bool = True
    encoding: str = "utf-8"
    name: str = "报表.csv"
    wrong: set[str] = field(default_factory=set)
    sheet: str = ""

    def content(self) -> bytes:
        """The file: a workbook of texts where it has a sheet's name, else lines of text."""
        if self.sheet:
            return self._workbook()
        text = self.ends.join(self.separator.join(map(self._cell, line)) for line in self.lines)
        return (text + (self.ends if self.closed else "")).encode(self.encoding)

    def _workbook(self) -> bytes:
        data = io.BytesIO()
        with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
            sheet = book.add_worksheet(self.sheet)
            for row, line in enumerate(self.lines):
                for column, text in enumerate(line):
                    if text:
                        sheet.write_string(row, column, text)
        return data.getvalue()

    def _cell(self, text: str) -> str:
        quoted = f'"{text}"' if self.separator in text or "\n" in text else text
        if self.guard == "behind":
            return f'"{text}"\t'
        return f"\t{quoted}" if self.guard == "before" else quoted


def answers_of(dice: random.Random, units: Iterable[tuple[str, str]]) -> Answers:
    """Random answers that no check objects to."""
    answers: Answers = {}
    for code, _ in units:
        money = [dice.randint(100, 999) for _ in range(2)]
        given = {
            "bas_population": str(dice.randint(8000, 60000)), "bas_villages": str(dice.randint(15, 18)),
            "sys_council_meetings": str(dice.randint(4, 9)), "rec_register_due": str(dice.randint(300, 900)),
            "rec_registered": str(dice.randint(100, 299)), "emg_persons": str(dice.randint(20, 150)),
            "edu_person_times": str(dice.randint(1000, 9000)), "mil_train_rate": f"{dice.randint(800, 999) / 10}",
            "sup_visit_funds": f"{dice.randint(20, 90) / 10}",
            "sup_allowance_standard": str(dice.randint(120, 200) * 100),
            "fnd_county": f"{money[0] / 10}", "fnd_town": f"{money[1] / 10}", "fnd_total": f"{sum(money) / 10}",
            "fnd_spent": f"{dice.randint(100, 200) / 10}",
        }  # fmt: skip
        answers |= {(code, name): text for name, text in given.items() if code != COUNTY[0] or name in OF_COUNTY}
    return answers


def block(dice: random.Random, units: Iterable[tuple[str, str]], answers: Answers, *, labelled: bool) -> list[Line]:
    """Heads in any order and spelling, and the rows of these units below them."""
    names = [*IDENTITY, *QUESTIONS]
    dice.shuffle(names)
    lines = [[head(dice, name, labelled=labelled) for name in names]]
    for code, name in units:
        identity = dict(zip(IDENTITY, (code, name, TYPES[code], YEAR, dice.choice(("year", "全年"))), strict=True))
        lines.append([identity.get(each) or answers.get((code, each), "") for each in names])
    return lines


def head(dice: random.Random, name: str, *, labelled: bool) -> str:
    """A spelling of a head that says which question it is, in its own unit of measure if in any."""
    label = LABELS[name]
    unit = UNITS.get(name, "")
    plain = [name, name.upper(), f" {name} "] if not labelled else [label, f" {label} ", label.replace("(", "（")]
    told = [f"{label}（{unit}）", f"{label}({unit})", f"{label}（单位：{unit}）", f"{label}/{unit}"] if unit else []
    return dice.choice(plain + (told if labelled else []))


# Each of these changes a table and says what becomes of it; the blocks are the pasted tables in it.
def _titled(dice: random.Random, typed: Typed) -> None:
    title = dice.choice(
        ["二〇二一年武装工作统计年报", "青禾县报表", "填报单位：青禾县", "附件1", "单元工作情况（元旦前报送）"]
    )
    typed.lines.insert(0, [title])


def _noted(dice: random.Random, typed: Typed) -> None:
    note = ["注：含一次性经费30万元", "填表人：张三", "说明：慰问每户500元", "审核：", "资料来源：各镇"]
    typed.lines.append([dice.choice(note)])


def _own_measure(dice: random.Random, typed: Typed) -> None:
    said = [
        "金额单位：万元",
        "单位：万元、人",
        "计量单位：万元（人）",
        "（单位：人、万元）",
        "单位：万元、元",
        "经费以万元计",
    ]
    typed.lines.insert(0, [dice.choice(said)])


_SAYING = (
    "单位：{}", "计量单位：{}", "金额单位：{}", "（{}）", "{}", "以{}计", "单位：{}（人）", "单位:人、{}", "单位 {}",
    "注：本表金额均为{}", "计价单位为{}", "武装工作经费表（{}）", "金额单位:人民币{}", "单位：{}/人",
)  # fmt: skip


def _other_measure(dice: random.Random, typed: Typed) -> None:
    """Somewhere around the table stands that its money is in another measure."""
    scale = dice.choice(["元", "千元", "百元", "亿元", "十万元", "百万元", "人民币元"])
    said = dice.choice(_SAYING).format(scale)
    typed.wrong |= set(MONEY)
    typed.right = "refused"
    place = dice.choice(["above", "below", "beside", "name"])
    if place == "above":
        typed.lines.insert(0, [said])
    elif place == "below":
        typed.lines.append([said])
    elif place == "beside":
        row = dice.randrange(len(typed.lines))
        width = max(map(len, typed.lines))
        typed.lines = [
            line + [""] * (width - len(line)) + [said if at == row else ""] for at, line in enumerate(typed.lines)
        ]
    elif typed.sheet:
        typed.sheet = f"经费({scale})"
    else:
        typed.name = f"经费（{scale}）.csv"


def _measure_row(dice: random.Random, typed: Typed) -> None:
    """A row of units below the heads, its money in 元."""
    names = {label: name for name, label in LABELS.items()} | {name: name for name in LABELS}
    bare = [cell.strip().lower().replace("（", "(").replace("）", ")") for cell in typed.lines[0]]
    found = [
        next((n for known, n in names.items() if cell == known or cell.startswith((f"{known}(", f"{known}/"))), "")
        for cell in bare
    ]
    is_other = dice.random() < 0.5
    row = ["" if name in IDENTITY else "元" if is_other and name in MONEY else UNITS.get(name, "") for name in found]
    typed.lines.insert(1, row)
    if is_other:
        typed.wrong |= set(MONEY)
        typed.right = "refused"


def _scaled_counts(dice: random.Random, typed: Typed) -> None:
    typed.lines.insert(0, [dice.choice(["单位：万人", "人口单位：千人", "计量单位：百人、万元", "单位：万人、万元"])])
    typed.wrong |= set(COUNTS)
    typed.right = "refused"


def _totalled(dice: random.Random, typed: Typed) -> None:
    """A row of totals, which says its year or the county's code again or not; right or wrong ones."""
    at = next(
        n
        for n, line in enumerate(typed.lines)
        if any(cell.strip().lower() in ("unit_code", LABELS["unit_code"]) for cell in line)
    )
    heads = [_name_of(cell) for cell in typed.lines[at]]
    end = next(
        (
            n
            for n in range(at + 1, len(typed.lines))
            if len(typed.lines[n]) != len(heads) or _name_of(typed.lines[n][0])
        ),
        len(typed.lines),
    )
    rows = [line for line in typed.lines[at + 1 : end] if line[heads.index("unit_code")][:1].isdigit()]
    towns = [row for row in rows if row[heads.index("unit_code")] in (TOWN[0], NEIGHBOUR[0])]
    if not towns:
        return
    word = dice.choice(["合计", "总计", "小计", "全县", "全县合计", "合 计", "总 计", "累计", "南片合计", "汇总"])
    under_county = dice.random() < 0.4
    total = []
    for column, name in enumerate(heads):
        if name in QUESTIONS and name not in ("mil_train_rate", "sup_allowance_standard"):
            tenths = sum(round(float(row[column] or 0) * 10) for row in towns)
            total.append(str(tenths // 10) if tenths % 10 == 0 else str(tenths / 10))
        elif name == "stat_year":
            total.append(dice.choice(["", YEAR]))
        elif name == "unit_name":
            total.append(dice.choice([word, COUNTY[1]]) if under_county else word)
        else:
            total.append({"unit_code": COUNTY[0] if under_county else "", "period": dice.choice(["", "year"]),
                          "unit_type": "县级本级" if under_county else ""}.get(name, ""))  # fmt: skip
    if under_county and total[heads.index("unit_name")] == COUNTY[1]:
        total[heads.index("period")] = "year"
        total[heads.index("stat_year")] = YEAR
    typed.lines.insert(end, total)


def _name_of(cell: str) -> str:
    bare = cell.strip().lower().replace("（", "(").replace("）", ")")
    return next(
        (n for n, label in LABELS.items() if bare in (n, label) or bare.startswith((f"{label}(", f"{label}/"))), ""
    )


def _cut(dice: random.Random, typed: Typed) -> None:
    """The end of the last line is missing, within a number or before it."""
    typed.closed = False
    typed.right = "either"
    last = typed.lines[-1]
    if len(last) == 1:  # a line beside the table, whose measure may be what is lost
        typed.wrong = set()
    typed.lines[-1] = [*last[:-1], last[-1][: dice.randint(0, max(0, len(last[-1]) - 1))]]


def _guarded(dice: random.Random, typed: Typed) -> None:
    typed.guard = dice.choice(["before", "behind"])


def _separated(dice: random.Random, typed: Typed) -> None:
    typed.separator = dice.choice(["\t", ";", "|"])
    typed.right = typed.right if typed.separator == "\t" or typed.right != "read" else "refused"


def _encoded(dice: random.Random, typed: Typed) -> None:
    typed.encoding = dice.choice(["gb18030", "utf-8-sig", "utf-16"])
    typed.ends = dice.choice(["\n", "\r\n"])


def _strange_heads(dice: random.Random, typed: Typed) -> None:
    """A further block whose heads nobody knows: what stands below it may be read under no other heads."""
    heads = [
        "代码",
        "单位",
        "类别",
        "年",
        "期",
        "常住人口",
        "村数",
        "会议",
        "应登记",
        "已登记",
        "民兵",
        "人次",
        "参训率",
    ]
    heads += ["慰问金", "优待金", "经费", "县级", "镇级", "支出"]
    unit = (TOWN[0], TOWN[1], "镇", YEAR, "year")
    typed.lines += [heads, [*unit, *(str(dice.randint(10, 99)) for _ in heads[5:])]]
    typed.right = "refused"
    typed.wrong |= set(QUESTIONS)


Change = Callable[[random.Random, Typed], None]
CHANGES: tuple[Change, ...] = (
    _titled, _noted, _own_measure, _other_measure, _measure_row, _scaled_counts, _totalled, _totalled, _cut, _guarded,
    _separated, _encoded, _strange_heads,
)  # fmt: skip
_OF_TEXT = frozenset({_cut, _guarded, _separated, _encoded})
# What stands at the end or decides how the file is written comes last.
_ORDER = (_measure_row, _totalled, _titled, _own_measure, _scaled_counts, _noted, _strange_heads, _other_measure)


def typed_table(seed: int) -> Typed:
    """The table of a number, always the same."""
    dice = random.Random(seed)
    units = [TOWN, NEIGHBOUR, COUNTY]
    dice.shuffle(units)
    answers = answers_of(dice, units)
    cut = dice.randint(1, 3)
    blocks = [units] if cut == 3 else [units[:cut], units[cut:]]
    typed = Typed([], answers)
    changes = dice.sample(CHANGES, dice.randint(0, 3))
    if not _OF_TEXT & set(changes) and dice.random() < 0.4:
        typed.sheet, typed.name = "统计表", "报表.xlsx"
    for number, part in enumerate(blocks):
        if number and dice.random() < 0.4:
            typed.lines.append([dice.choice(["", "南片各镇"])])
        typed.lines += block(dice, part, answers, labelled=dice.random() < 0.5)
    place = {change: at for at, change in reversed(list(enumerate((*_ORDER, *CHANGES))))}
    for change in sorted(set(changes), key=lambda each: place[each]):
        change(dice, typed)
        typed.made.append(change.__name__)
    width = max(map(len, typed.lines))
    if dice.random() < 0.7:
        typed.lines = [line + [""] * (width - len(line)) for line in typed.lines]
    return typed


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[2])):
        made = typed_table(number)
        (folder / f"{number:04d}-{made.right}-{made.name}").write_bytes(made.content())
