"""Where the demonstration returns are untidy as real ones are, one entry each. Changes no clean answer.

Encodings and containers are declared with the files in ``deliveries``, former names with the towns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from demo import writing
from demo.true_answers import CellKey

Kind = Literal[
    "masked",
    "approximate",
    "money unit",
    "full-width digits",
    "thousands separator",
    "repeated unit",
    "Chinese numeral",
    "remark",
    "corrected",
    "blank",
    "not applicable",
    "traditional name",
    "not reported",
    "hard check",
    "soft check",
]


@dataclass(frozen=True, slots=True)
class Row:
    """The clean answers around one answer: its own, its neighbours' in the row, and last year's."""

    answers: Mapping[CellKey, str]
    place: CellKey

    @property
    def own(self) -> str:
        """The clean answer itself."""
        return self.answers.get(self.place, "")

    def of(self, variable: str, *, years_before: int = 0) -> Decimal:
        """A neighbour in the same row, or in the same row of an earlier year, as a number."""
        return Decimal(self.answers[self.place._replace(variable=variable, year=self.place.year - years_before)])


Writer = Callable[[Row], str]


@dataclass(frozen=True, slots=True)
class Untidiness:
    """One answer that is not written as it should be: where, of which kind, and how it is written instead.

    An entry of kind ``not reported`` stands for a whole return that never came; a ``hard check`` or ``soft
    check`` entry writes a clean-looking number that a check objects to.
    """

    kind: Kind
    place: CellKey
    what: str
    write: Writer

    def written(self, answers: Mapping[CellKey, str]) -> str:
        """What stands in the return."""
        return self.write(Row(answers, self.place))


def as_written(text: str) -> Writer:
    """Exactly this text, whatever the true answer."""
    return lambda row: text


def changed(change: Callable[[str], str], after: str = "", before: str = "") -> Writer:
    """The true answer, rewritten, with something before and after it."""
    return lambda row: before + change(row.own) + after


def plain(text: str) -> str:
    """The text itself."""
    return text


def _entry(kind: Kind, three: str, variable: str, what: str, write: Writer, *, year: int = 2021) -> Untidiness:
    return Untidiness(kind, CellKey(f"990118{three}000", year, "year", variable), what, write)


def _season(kind: Kind, three: str, period: str, variable: str, what: str, write: Writer) -> Untidiness:
    return Untidiness(kind, CellKey(f"990118{three}000", 2021, period, variable), what, write)


def _more_college_than_recruits(row: Row) -> str:
    return str(row.of("rec_enlisted") + 2)


def _one_more_than_authorised(row: Row) -> str:
    return str(row.of("cad_authorized") + 1)


def _lower_total(row: Row) -> Decimal:
    return (row.of("fnd_total", years_before=1) * Decimal("0.96")).quantize(Decimal("0.01"), ROUND_DOWN)


def _total_below_last_year(row: Row) -> str:
    return writing.plain_decimal(_lower_total(row))


def _town_part_of_that_total(row: Row) -> str:
    others = sum(row.of(name) for name in ("fnd_county", "fnd_pafd", "fnd_other"))
    return writing.plain_decimal(_lower_total(row) - others)


UNTIDINESS: tuple[Untidiness, ...] = (
    _season("masked", "103", "autumn", "rec_enlisted", "遮蔽人数", as_written("xx名")),
    _entry("masked", "104", "cad_on_post", "星号遮蔽", as_written("**")),
    _entry("masked", "100", "sup_allowance_standard", "遮蔽金额", as_written("****元")),
    _entry("masked", "002", "fnd_county", "遮蔽金额", as_written("xx万元")),
    _entry("masked", "105", "sup_visit_funds", "遮蔽加概数", as_written("**多万元")),
    _entry("approximate", "001", "emg_persons", "余", changed(writing.rounded_down, "余名")),
    _entry("approximate", "001", "emg_health_person_times", "余", changed(writing.rounded_down, "余人次")),
    _entry("approximate", "105", "edu_memorial_participants", "余", changed(writing.rounded_down, "余人次")),
    _entry("approximate", "102", "emg_rural_person_times", "多", changed(writing.rounded_down, "多人次")),
    _entry("approximate", "202", "edu_person_times", "约", changed(plain, "人次", before="约")),
    _entry("approximate", "110", "rec_home_visits", "近", changed(writing.rounded_up, "户次", before="近")),
    _entry("approximate", "201", "rec_publicity_sessions", "不少于", changed(plain, "场", before="不少于")),
    _entry("approximate", "103", "edu_memorial_participants", "余", changed(writing.rounded_down, "余人次"), year=2019),
    _entry("approximate", "002", "emg_persons", "余", changed(writing.rounded_down, "余名"), year=2020),
    _entry("money unit", "106", "fnd_pafd", "单元格内写单位", changed(plain, "万元")),
    _entry(
        "money unit",
        "003",
        "sup_allowance_standard",
        "元栏写万元",
        changed(lambda t: writing.scaled(t, "0.0001"), "万元"),
    ),
    _entry("money unit", "108", "fnd_edu", "万元栏写元", changed(lambda t: writing.scaled(t, "10000"), "元")),
    _season("full-width digits", "002", "autumn", "rec_applied", "全角数字", changed(writing.full_width)),
    _entry("full-width digits", "104", "mil_muster_rate", "全角百分数", changed(writing.full_width, "％")),
    _entry("full-width digits", "202", "bas_population", "全角数字", changed(writing.full_width)),
    _entry("thousands separator", "001", "edu_person_times", "千分位逗号", changed(writing.thousands)),
    _entry("thousands separator", "106", "bas_population", "千分位逗号", changed(writing.thousands)),
    _season("repeated unit", "101", "spring", "rec_enlisted", "重复写单位", changed(plain, "名")),
    _entry("repeated unit", "103", "sys_military_days", "重复写单位", changed(plain, "次")),
    _entry("repeated unit", "109", "sup_training_person_times", "重复写单位", changed(plain, "人次")),
    _entry("Chinese numeral", "101", "rec_prescreen_rounds", "中文数字", changed(writing.numeral, "次")),
    _entry("Chinese numeral", "200", "emg_drills", "中文数字", changed(writing.numeral, "次"), year=2018),
    _entry("remark", "003", "edu_events", "数后加括注", changed(plain, "场（含观影2场）")),
    _entry("corrected", "106", "edu_events", "末位多录了零", changed(plain, "0")),
    _entry("blank", "200", "edu_media_items", "空格", as_written("")),
    _entry("blank", "110", "sys_duty_report", "空格", as_written("")),
    _entry("blank", "202", "emg_in_local_system", "空格", as_written("")),
    _entry("blank", "106", "sup_cases_solved", "空格", as_written("")),
    _entry("blank", "105", "sup_training_person_times", "空格", as_written(""), year=2019),
    _entry("not applicable", "201", "edu_schools_covered", "辖区无学校，写短横", as_written("—")),
    _entry("not applicable", "108", "bld_star5_applied", "写不适用", as_written("不适用")),
    *(
        _season("traditional name", "101", period, "unit_name", "繁体字单位名", as_written("龍泓鎮"))
        for period in ("year", "spring", "autumn")
    ),
    _entry("not reported", "203", "", "全年未上报", as_written("")),
    _season("hard check", "107", "autumn", "rec_enlisted_college", "V02 大学生多于新兵", _more_college_than_recruits),
    _entry("soft check", "102", "cad_on_post", "V18 超配", _one_more_than_authorised),
    _entry("soft check", "109", "fnd_total", "V38 经费低于上年", _total_below_last_year),
    _entry("soft check", "109", "fnd_town", "V38 经费低于上年", _town_part_of_that_total),
)


def untidied(answers: Mapping[CellKey, str]) -> dict[CellKey, str]:
    """What stands in the returns: the clean answers, with every entry of UNTIDINESS written in."""
    entries = {entry.place: entry.written(answers) for entry in UNTIDINESS if entry.kind != "not reported"}
    return {**answers, **entries}
