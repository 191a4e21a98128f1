"""Summary tables as counties make them, written apart from what imports them, each with the answers a person reads.

The truth is by unit, period and variable. Traps are columns whose heads resemble a question but mean another
thing; what they hold is never an answer.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

YEAR = 2024
# Names of which one holds another, or differs in one character.
TOWNS = {
    "990118001000": "云栈街道",
    "990118106000": "云栈镇",
    "990118102000": "槐荫渡镇",
    "990118110000": "枫林渡镇",
    "990118103000": "青筠镇",
    "990118104000": "青筠新镇",
    "990118200000": "石埠乡",
    "990118105000": "石埠桥镇",
}
STRANGERS = ("云栈乡", "槐荫镇", "青筠", "石埠桥", "开发区管委会")
SEASONS = {"spring": "春季", "autumn": "秋季"}
# Variable, label, unit, decimals, domain; wholes stand before their parts.
PLAIN = (
    ("bas_population", "年末常住人口", "人", 0, "基础信息"),
    ("bas_villages", "行政村(社区)数", "个", 0, "基础信息"),
    ("sys_council_meetings", "党委议军会议次数", "次", 0, "党管武装制度落实"),
    ("rec_register_due", "应兵役登记人数", "人", 0, "兵员征集"),
    ("rec_registered", "已兵役登记人数", "人", 0, "兵员征集"),
    ("mil_muster_rate", "整组点验到点率", "%", 1, "民兵组织与训练"),
    ("cad_on_post", "专武干部实配数", "名", 0, "基层规范化建设与专武干部"),
    ("cad_certified", "其中:资格认证合格", "名", 0, "基层规范化建设与专武干部"),
    ("edu_events", "国防教育活动场次", "场", 0, "国防教育"),
    ("sup_visit_funds", "节日慰问金(含慰问品)", "万元", 2, "双拥优抚"),
    ("sup_allowance_standard", "义务兵家庭优待金年标准", "元", 0, "双拥优抚"),
    ("sup_cases_raised", "安置、随军就业、子女入学等诉求件数", "件", 0, "双拥优抚"),
    ("sup_cases_solved", "其中:年内办结", "件", 0, "双拥优抚"),
    ("fnd_total", "武装工作经费投入合计", "万元", 2, "经费保障"),
    ("fnd_county", "县级财政投入", "万元", 2, "经费保障"),
)
SEASONAL = (
    ("rec_applied", "报名应征人数", "人"),
    ("rec_applied_college", "报名应征大学生人数", "人"),
    ("rec_exam_attended", "上站体检人数", "人"),
    ("rec_enlisted", "征集新兵人数", "名"),
    ("rec_enlisted_college", "其中:大学生", "名"),
    ("rec_returned", "退兵人数", "名"),
)
# Heads that resemble a question and are none: the reader of the table sees another quantity.
TRAPS = (
    ("上年", "征集新兵人数"),
    ("2023年", "报名应征人数"),
    ("征集新兵人数", "其中:女"),
    ("报名应征人数", "其中:大学生"),
    ("议军会议提出需解决事项数", "其中:年内办结"),
    ("目标任务", "国防教育活动场次"),
    ("应兵役登记人数完成率",),
    ("年末户籍人口",),
    ("国防教育活动场次同比",),
    ("党委议军会议次数排名",),
    ("武装工作经费投入合计比上年增加",),
    ("镇村两级", "专武干部实配数"),
    ("秋季", "行政村(社区)数"),
    ("全年", "报名应征人数"),
    ("退兵人数",),
    ("备注",),
)
SCALED = {"元": 10_000, "千元": 10, "万元": 1}


@dataclass
class Column:
    """Heads from top to bottom, and what it holds by unit (text as it stands in the cell)."""

    heads: tuple[str, ...]
    cells: dict[str, str]
    adds_up: bool = False
    is_trap: bool = False


@dataclass
class Summary:
    """A table as a file, and what a person reads in it."""

    data: bytes
    name: str
    truth: dict[tuple[str, str, str], Decimal]
    plain: int
    described: dict[str, Any] = field(default_factory=dict)


class Maker:
    """Draws one table; the same random numbers give the same one."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.units = chance.sample(sorted(TOWNS), chance.randint(3, len(TOWNS)))
        self.truth: dict[tuple[str, str, str], Decimal] = {}
        self.depth = chance.choice((1, 2, 3))
        self.money = chance.choice(("元", "千元", "万元"))
        # Where the measure of money is written: beside each head, in a line over or under the table.
        self.told = chance.choice(("head", "over", "under"))
        self.taken = 0

    def columns(self) -> list[Column]:
        plain = [each for each in PLAIN if self.chance.random() < 0.7 or each[0] == "cad_on_post"]
        if not any(each[0] == "sup_cases_raised" for each in plain):
            plain = [each for each in plain if each[0] != "sup_cases_solved"]
        groups = [[self._plain(*each)] for each in plain]
        seasonal = [each for each in SEASONAL if self.chance.random() < 0.7 or each[0] == "rec_enlisted"]
        groups += [self._seasonal(*each) for each in seasonal]
        if self.chance.random() < 0.1:  # of two columns with one head nobody can tell which is meant
            self.truth = {place: value for place, value in self.truth.items() if place[2] != "edu_events"}
            groups.append([Column(("国防教育活动场次",), dict.fromkeys(self.units, "5"))])
            groups.append([Column(("国防教育活动场次",), dict.fromkeys(self.units, "6"))])
        for trap in self.chance.sample(TRAPS, self.chance.randint(0, 5)):
            groups.insert(self._free_place(groups), [self._trap(trap)])
        return [column for group in groups for column in group]

    def _free_place(self, groups: list[list[Column]]) -> int:
        """Not before a part, which would then stand beside something else than its whole."""
        places = [n for n in range(len(groups) + 1) if n == len(groups) or "其中" not in "".join(groups[n][0].heads)]
        return self.chance.choice(places)

    def _plain(self, name: str, label: str, unit: str, decimals: int, domain: str) -> Column:
        cells = {}
        given = self.money if unit == "万元" else unit
        for code in self.units:
            value = Decimal(self.chance.randint(1, 30_000)).scaleb(-decimals)
            if unit == "%":
                value = Decimal(self.chance.randint(800, 1000)).scaleb(-1)
            self.truth[code, "year", name] = value
            cells[code] = format(value * (SCALED[given] if unit == "万元" else 1), "f")
        self.taken += 1
        heads = (domain, self._head(label, given, unit))[-self.depth :]
        return Column(heads, cells, adds_up=unit != "%")

    def _head(self, label: str, given: str, unit: str) -> str:
        if unit == "万元":
            return f"{label}（{given}）" if self.told == "head" else label
        if unit == "元":
            return f"{label}（元）"
        form = self.chance.choice(("{}（{}）", "{}({})", "{}", "{}（单位：{}）", "{}\n（{}）"))
        return form.format(label, unit)

    def _seasonal(self, name: str, label: str, unit: str) -> list[Column]:
        columns = []
        for period, word in SEASONS.items():
            cells = {}
            for code in self.units:
                self.truth[code, period, name] = value = Decimal(self.chance.randint(0, 90))
                cells[code] = format(value, "f")
            self.taken += 1
            form = (f"{word}{label}（{unit}）",) if self.depth == 1 else (label, word)
            form = ("兵员征集", *form) if self.depth == 3 else form
            columns.append(Column(form, cells, adds_up=True))
        if self.chance.random() < 0.3 and self.depth > 1:
            sums = {code: str(sum(int(column.cells[code]) for column in columns)) for code in self.units}
            columns.append(Column((*columns[0].heads[:-1], "合计"), sums, adds_up=True))
        return columns

    def _trap(self, heads: tuple[str, ...]) -> Column:
        cells = {code: str(self.chance.randint(100_000, 900_000)) for code in self.units}
        if len(heads) > self.depth:
            heads = ("".join(heads),)
        return Column(heads, cells, is_trap=True)

    def make(self) -> Summary:
        columns = self.columns()
        rows = self._rows(columns)
        is_csv = self.chance.random() < 0.2
        lines = [*self._titles(), *self._head_lines(columns), *self._numbering(len(columns))]
        heads_at = len(self._titles())
        table = [*lines, *rows, *self._notes()]
        about = {"depth": self.depth, "money": self.money, "told": self.told, "csv": is_csv}
        if is_csv:
            text = io.StringIO(newline="")
            width = len(columns) + 2
            csv.writer(text).writerows([*row, *[""] * (width - len(row))] for row in table)
            encoding = self.chance.choice(("utf-8-sig", "gb18030"))
            return Summary(text.getvalue().encode(encoding), "汇总.csv", self.truth, self.taken, about)
        return Summary(self._book(table, columns, heads_at), "汇总.xlsx", self.truth, self.taken, about)

    def _titles(self) -> list[list[str]]:
        titles = [[f"云汀县{YEAR}年武装工作统计汇总表（虚构）"], ["填报单位：县人武部"]]
        return [*titles, [f"金额单位：{self.money}"]] if self.told == "over" else titles

    def _head_lines(self, columns: list[Column]) -> list[list[str]]:
        """Rows of heads: what is over several columns stands over the first of them only, as merged cells do."""
        depth = max(len(column.heads) for column in columns)
        lines = [["序号", "单位"], *[["", ""] for _ in range(depth - 1)]]
        before: tuple[str, ...] = ()
        for column in columns:
            heads = column.heads
            for level in range(depth):
                is_last = level == depth - 1
                text = heads[level] if level < len(heads) else ""
                if (
                    not is_last
                    and level < min(len(heads), len(before)) - 1
                    and heads[: level + 1] == before[: level + 1]
                ):
                    text = ""
                lines[level].append(text)
            before = heads
        return lines

    def _numbering(self, count: int) -> list[list[str]]:
        if self.chance.random() < 0.7:
            return []
        return [["甲", "乙", *[str(n + 1) for n in range(count)]]]

    def _rows(self, columns: list[Column]) -> list[list[str]]:
        rows = [[str(n), TOWNS[code], *(c.cells[code] for c in columns)] for n, code in enumerate(self.units, start=1)]
        more = 0
        if self.chance.random() < 0.4:  # a unit of which the roster knows nothing, and of which totals are too
            more = 7
            rows.insert(self.chance.randint(0, len(rows)), ["", self.chance.choice(STRANGERS), *["7"] * len(columns)])
        total = ["", "合计", *(self._total(column, more) for column in columns)]
        where = self.chance.choice(("none", "top", "bottom"))
        return [total, *rows] if where == "top" else [*rows, total] if where == "bottom" else rows

    def _total(self, column: Column, more: int) -> str:
        if not column.adds_up:
            return ""
        return format(sum((Decimal(text) for text in column.cells.values()), Decimal(more)), "f")

    def _notes(self) -> list[list[str]]:
        notes = [["注：本表由各镇、街道上报数汇总"]] if self.chance.random() < 0.5 else []
        return [*notes, [f"单位：{self.money}"]] if self.told == "under" else notes

    def _book(self, table: list[list[str]], columns: list[Column], heads_at: int) -> bytes:
        book = Workbook()
        sheet = book.active
        sheet.title = f"{YEAR}年汇总"
        for row, cells in enumerate(table, start=1):
            for column, text in enumerate(cells, start=1):
                if text:
                    is_number = row > heads_at + 1 and text.replace(".", "", 1).isdecimal()
                    sheet.cell(row, column, (float(text) if "." in text else int(text)) if is_number else text)
        sheet.cell(1, 1).font = Font(bold=True)
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(columns) + 2)
        depth = max(len(column.heads) for column in columns)
        self._merge_heads(sheet, columns, heads_at + 1, depth)
        memory = io.BytesIO()
        book.save(memory)
        return memory.getvalue()

    def _merge_heads(self, sheet: Any, columns: list[Column], top: int, depth: int) -> None:
        if depth == 1:
            return
        for column in (1, 2):
            sheet.merge_cells(start_row=top, end_row=top + depth - 1, start_column=column, end_column=column)
        for level in range(depth - 1):
            start = 0
            while start < len(columns):
                end = start
                prefix = columns[start].heads[: level + 1]
                while (
                    end + 1 < len(columns)
                    and len(prefix) < len(columns[end + 1].heads)
                    and len(prefix) < len(columns[start].heads)
                    and columns[end + 1].heads[: level + 1] == prefix
                ):
                    end += 1
                if end > start and len(prefix) == level + 1:
                    place = {"start_row": top + level, "end_row": top + level}
                    sheet.merge_cells(**place, start_column=start + 3, end_column=end + 3)
                start = end + 1
        for n, column in enumerate(columns):
            if len(column.heads) < depth:
                level = len(column.heads) - 1
                place = {"start_row": top + level, "end_row": top + depth - 1}
                sheet.merge_cells(**place, start_column=n + 3, end_column=n + 3)


def make_summary(seed: int) -> Summary:
    """The table of this seed."""
    return Maker(Random(seed)).make()
