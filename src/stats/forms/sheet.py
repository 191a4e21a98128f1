"""The sheet a unit fills in: its questions by domain, what may be typed where, and the live warnings. Reads nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from stats.catalogue.variables import Variable
from stats.forms.data_validation import validation
from stats.forms.live_checks import LiveCheck, Sheet, live_checks, range_checks
from stats.params import Params, Unit
from stats.returns import form_layout as layout
from stats.returns.form_layout import FormRow

_HINT = "只填白色格。0＝没有发生（真正的零）；空白＝不知道或没有统计，算未填报；—＝本来没有这回事，不适用。"
# To be signed on the printed sheet; nothing is typed there, and the reader passes over it.
_SIGNATURES = (
    "填表人：＿＿＿＿＿＿＿＿　　单位负责人：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日　（打印后签，不录入姓名）"
)
_WIDTHS = {
    layout.VARIABLE: 17,
    layout.LABEL: 30,
    layout.UNIT: 9,
    layout.LAST_YEAR: 12,
    layout.CHECKS: 38,
    layout.REMARK: 20,
}
_PERIOD_WIDTH = 11
# The check column is set smaller than the sheet's own font, so more of it fits on a line.
_CHECK_CHARACTERS = 44
_LINE_HEIGHT = 14
_A4 = 9


@dataclass(frozen=True)
class DataSheet:
    """One unit's sheet while it is written; addresses are worked out from the layout alone."""

    sheet: Any
    looks: Mapping[str, Any]
    params: Params
    unit: Unit
    last_year: Mapping[str, str]

    @property
    def county(self) -> bool:
        """Whether this is the county's own form."""
        return self.unit.type == "县级本级"

    @property
    def year(self) -> int:
        return self.params.year

    @cached_property
    def columns(self) -> dict[str, int]:
        """The column of each head."""
        return layout.columns(self.year, county=self.county)

    @cached_property
    def rows(self) -> tuple[FormRow, ...]:
        """The rows below the header."""
        return layout.form_rows(self.year, county=self.county)

    def write(self, title: str, mark: str) -> None:
        """Everything but the colours of warnings."""
        self._write_top(title, mark)
        for row in self.rows:
            if row.question is None:
                self._write_domain(row)
            else:
                self._write_question(row.row, row.question)
        self._write_counts()
        self.sheet.write_string(self._last_row, layout.LABEL_COLUMN, _SIGNATURES, self.looks["signatures"])
        self.sheet.set_row(self._last_row, 30)
        self._set_page()

    @property
    def _last_row(self) -> int:
        """The row of the signatures, below the questions and a blank row."""
        return self.rows[-1].row + 2

    def colour(self, error: Any, warning: Any) -> None:
        """Colours the answers and the words of a row while its check column says something."""
        for look, words in ((error, "错误"), (warning, "提示")):
            for first, last, column in (self._check_span(), *self._open_spans()):
                words_at = self._address(first, layout.CHECKS, row_absolute=False)
                rule = {"type": "formula", "criteria": f'=ISNUMBER(FIND("{words}",{words_at}))', "format": look}
                # One rule for each run: where it begins decides which row the formula means.
                self.sheet.conditional_format(first, column, last, column, rule)

    def _check_span(self) -> tuple[int, int, int]:
        return layout.HEADER_ROW + 1, self.rows[-1].row, self.columns[layout.CHECKS]

    def _open_spans(self) -> Iterator[tuple[int, int, int]]:
        """The cells one types answers into, as runs down a column: first row, last row, column."""
        for period in layout.form_periods(self.year, county=self.county):
            column = self.columns[layout.PERIODS[period]]
            for is_open, run in groupby(self.rows, key=lambda row: self._is_open(row.question, period)):
                places = [row.row for row in run]
                if is_open:
                    yield places[0], places[-1], column

    def _is_open(self, question: Variable | None, period: str) -> bool:
        return question is not None and period in layout.answered_in(question, self.year)

    @property
    def _period_heads(self) -> tuple[str, str]:
        names = [layout.PERIODS[period] for period in layout.form_periods(self.year, county=self.county)]
        return names[0], names[-1]

    def _span(self, first: str, last: str = "") -> str:
        top = xl_rowcol_to_cell(layout.HEADER_ROW + 1, self.columns[first])
        return f"{top}:{xl_rowcol_to_cell(self.rows[-1].row, self.columns[last or first])}"

    def _address(self, row: int, head: str, *, row_absolute: bool = True) -> str:
        return str(xl_rowcol_to_cell(row, self.columns[head], row_abs=row_absolute, col_abs=True))

    def _write_top(self, title: str, mark: str) -> None:
        self.sheet.write_string(0, layout.LABEL_COLUMN, title, self.looks["title"])
        self.sheet.set_row(0, 26)
        self.sheet.write_string(
            1, layout.LABEL_COLUMN, f"{mark}　{_HINT}" if mark else _HINT, self.looks["mark" if mark else "hint"]
        )
        identity = {
            "unit_code": self.unit.code,
            "unit_name": self.unit.name,
            "unit_type": self.unit.type,
            "stat_year": str(self.year),
            "form_version": layout.form_version(self.year),
        }
        for row, (label, name) in enumerate(layout.IDENTIFICATION.items(), start=layout.IDENTIFICATION_ROW):
            self.sheet.write_string(row, layout.LABEL_COLUMN, label, self.looks["label"])
            self.sheet.write_string(row, layout.VALUE_COLUMN, identity[name], self.looks["identity"])
        for head, column in self.columns.items():
            self.sheet.write_string(layout.HEADER_ROW, column, head, self.looks["head"])
        self.sheet.set_row(layout.HEADER_ROW, 22)

    def _write_domain(self, row: FormRow) -> None:
        for column in self.columns.values():
            self.sheet.write_blank(row.row, column, None, self.looks["domain"])
        self.sheet.write_string(row.row, layout.LABEL_COLUMN, row.heading, self.looks["domain"])
        self.sheet.set_row(row.row, 20)

    def _write_question(self, row: int, question: Variable) -> None:
        texts = {
            layout.VARIABLE: (question.name, "variable"),
            layout.LABEL: (question.label, "question"),
            layout.UNIT: (question.unit, "unit"),
            layout.LAST_YEAR: (self.last_year.get(question.name, ""), "last_year"),
            layout.REMARK: ("", "remark"),
        }
        for head, (text, look) in texts.items():
            if text:
                self.sheet.write_string(row, self.columns[head], text, self.looks[look])
            else:
                self.sheet.write_blank(row, self.columns[head], None, self.looks[look])
        for period in layout.form_periods(self.year, county=self.county):
            self._write_answer(row, question, period)
        self._write_check(row, question)

    def _write_answer(self, row: int, question: Variable, period: str) -> None:
        column = self.columns[layout.PERIODS[period]]
        if not self._is_open(question, period):
            self.sheet.write_blank(row, column, None, self.looks["closed"])
            return
        self.sheet.write_blank(row, column, None, self.looks["choice" if question.choices else "number"])
        self.sheet.data_validation(row, column, row, column, validation(question, xl_rowcol_to_cell(row, column)))

    def _write_check(self, row: int, question: Variable) -> None:
        checks = self._checks[question.name]
        column, look = self.columns[layout.CHECKS], self.looks["check"]
        if checks:
            self.sheet.write_formula(row, column, "=" + "&".join(check.formula for check in checks), look, "")
        else:
            self.sheet.write_blank(row, column, None, look)
        words = max((check.words for check in checks), key=_width, default="")
        lines = max(_lines(words, _CHECK_CHARACTERS), _lines(question.label, _WIDTHS[layout.LABEL]))
        self.sheet.set_row(row, _LINE_HEIGHT * lines + 4)

    @cached_property
    def _checks(self) -> Mapping[str, list[LiveCheck]]:
        """The checks by the variable they stand beside."""
        sheet = Sheet(self.year, dict(self._answers()), dict(self._last_answers()))
        # A declared break that covers all figures makes this year's answers incomparable with last year's.
        comparable = self.params.comparable(year=self.year, unit=self.unit.code, indicator="")
        by_variable: dict[str, list[LiveCheck]] = defaultdict(list)
        for check in (*live_checks(sheet, with_last_year=comparable), *range_checks(sheet)):
            by_variable[check.beside].append(check)
        return by_variable

    def _questions(self) -> Iterator[tuple[int, Variable]]:
        return ((row.row, row.question) for row in self.rows if row.question is not None)

    def _answers(self) -> Iterator[tuple[tuple[str, str], str]]:
        for row, question in self._questions():
            for period in layout.answered_in(question, self.year):
                yield (question.name, period), self._address(row, layout.PERIODS[period])

    def _last_answers(self) -> Iterator[tuple[str, str]]:
        return ((question.name, self._address(row, layout.LAST_YEAR)) for row, question in self._questions())

    def _write_counts(self) -> None:
        """How many rows are to be looked at, and how many answers that must be given are not given yet."""
        due = [
            self._address(row, layout.PERIODS[period])
            for row, question in self._questions()
            if question.required
            for period in layout.answered_in(question, self.year)
        ]
        column = self.columns[layout.CHECKS]
        blanks = "+".join(f"COUNTBLANK({address})" for address in due)
        self.sheet.write_formula(
            layout.IDENTIFICATION_ROW,
            column,
            f'="必填项尚有 "&({blanks})&" 格未填"',
            self.looks["count"],
            f"必填项尚有 {len(due)} 格未填",
        )
        found = f"SUMPRODUCT(--(LEN({self._span(layout.CHECKS)})>0))"
        look = self.looks["count"]
        self.sheet.write_formula(
            layout.IDENTIFICATION_ROW + 1, column, f'="需要核对 "&{found}&" 行"', look, "需要核对 0 行"
        )

    def _set_page(self) -> None:
        for head, column in self.columns.items():
            self.sheet.set_column(column, column, _WIDTHS.get(head, _PERIOD_WIDTH))
        last = max(self.columns.values())
        self.sheet.freeze_panes(layout.HEADER_ROW + 1, layout.VALUE_COLUMN)
        self.sheet.repeat_rows(layout.HEADER_ROW)
        # The variables' names stand on the sheet for the reader; who reads the print needs none.
        self.sheet.print_area(0, layout.LABEL_COLUMN, self._last_row, last)
        self.sheet.set_paper(_A4)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.set_footer(f"&L{self.unit.code}　{layout.form_version(self.year)}&R第 &P 页，共 &N 页")
        self.sheet.ignore_errors({"number_stored_as_text": self._span(*self._period_heads)})
        self.sheet.protect("", {"format_columns": True, "format_rows": True})


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of this width."""
    return max(1, -(-_width(text) // width))


def _width(text: str) -> int:
    """The width of a text in half-width characters."""
    return sum(1 if character.isascii() else 2 for character in text)
