"""The one enumeration of what an answer or a figure can be. Holds no rules."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Why there is a number, or why there is none; shared by cells, figures and blocks."""

    OK = "ok"
    APPROX = "approx"
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"
    REDACTED = "redacted"
    ERROR = "error"
    NOT_REPORTED = "not_reported"
    ZERO_DENOMINATOR = "zero_denominator"
    NEGATIVE = "negative"
    EXCEEDS_WHOLE = "exceeds_whole"
    NO_PREVIOUS = "no_previous"
    SERIES_BREAK = "series_break"
    NOT_PROVIDED = "not_provided"
    TOO_FEW_UNITS = "too_few_units"
    NOT_COMPARED = "not_compared"
    HIDDEN = "hidden"
    REFUSED = "refused"
    PREVIOUS_REFUSED = "previous_refused"
    UNFIT = "unfit"

    @property
    def has_value(self) -> bool:
        """Whether a number stands behind the status."""
        return self in _WITH_VALUE

    @property
    def label(self) -> str:
        """The reason in words an analyst reads."""
        return _LABELS[self]

    @property
    def mark(self) -> str:
        """What a table prints in place of the number (empty where there is no data)."""
        return _MARKS.get(self, "")


_WITH_VALUE = (Status.OK, Status.APPROX)
_LABELS = {
    Status.OK: "正常",
    Status.APPROX: "概数",
    Status.NOT_APPLICABLE: "不适用",
    Status.MISSING: "未填报",
    Status.REDACTED: "未填具体数",
    Status.ERROR: "填报有误，未采用",
    Status.NOT_REPORTED: "未上报",
    Status.ZERO_DENOMINATOR: "基数为零",
    Status.NEGATIVE: "出现负数，未采用",
    Status.EXCEEDS_WHOLE: "大于总数，未采用",
    Status.NO_PREVIOUS: "无上年数据",
    Status.SERIES_BREAK: "口径或区划调整，不可比",
    Status.NOT_PROVIDED: "对比数据未提供",
    Status.TOO_FEW_UNITS: "可比单位不足",
    Status.NOT_COMPARED: "不作此项比较",
    Status.HIDDEN: "小数隐去",
    Status.REFUSED: "数据拒收",
    Status.PREVIOUS_REFUSED: "上年报表被拒收",
    Status.UNFIT: "对比数据文件有误，未采用",
}

_MARKS = {
    Status.NOT_APPLICABLE: "—",
    Status.ZERO_DENOMINATOR: "—",
    Status.NOT_COMPARED: "—",
    Status.REDACTED: "[遮]",
    Status.HIDDEN: "[隐]",
}
