"""What an edition may say in words: answers as written, corrections, findings. Judges none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from stats.catalogue.checks import checks
from stats.catalogue.seasons import SEASON_NAMES
from stats.catalogue.variables import Variable, variables
from stats.disclosure.editions import EDITIONS, is_small_cell
from stats.figures import Amendment
from stats.findings import Finding
from stats.params import Edition
from stats.returns import Correction
from stats.returns.finding_texts import rules
from stats.texts.plain import in_words
from stats.texts.privacy import shown
from stats.validate.outliers.settings import SENTENCES

_NUMBERS = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")


def shown_text(raw: str, variable: Variable, edition: Edition) -> str | None:
    """The text as written, or None where the edition may not repeat it.

    An edition that hides small counts repeats no text of a question with small counts, and none with a second
    number in it, since that may be a remark about a few persons. The open edition repeats none at all.

    >>> from stats.catalogue.variables import variables
    >>> shown_text("80余人次", variables()["edu_person_times"], "meeting")
    '80余人次'
    >>> shown_text("80余，其中2人", variables()["edu_person_times"], "meeting") is None
    True
    """
    rules = EDITIONS[edition]
    if rules.open_only:
        return None
    if rules.threshold and (is_small_cell(variable) or len(_NUMBERS.findall(raw)) > 1):
        return None
    return shown(raw.strip())


_COUNT = re.compile(r"[0-9０-９]|[一二两三四五六七八九十]+(?:余|多)?[人名个户件次位]")


def amendments(made: Iterable[Correction], edition: Edition, *, unit: str, year: int) -> tuple[Amendment, ...]:
    """The corrections of one unit's return of one year, in the order declared.

    In an edition that hides small counts those of questions with small counts are told without their texts, and no
    reason that speaks of a number is told, since it might be one of them; questions the edition does not hold are
    left out.
    """
    rules, asked = EDITIONS[edition], variables()
    told = (entry for entry in made if (entry.unit, entry.year) == (unit, year))
    return tuple(
        _amendment(entry, hides=rules.threshold > 0) for entry in told if rules.shows_answer(asked[entry.variable])
    )


def _amendment(entry: Correction, *, hides: bool) -> Amendment:
    is_hidden = hides and is_small_cell(variables()[entry.variable])
    says_number = hides and _COUNT.search(entry.reason) is not None
    return Amendment(
        variable=entry.variable,
        period=entry.period,
        old=None if is_hidden else shown(entry.old.strip()),
        new=None if is_hidden else shown(entry.new.strip()),
        reason=None if is_hidden or says_number else entry.reason,
        role=entry.role,
        date=entry.date.isoformat(),
    )


_LABEL = "“{label}”"
_PLACE = re.compile(r"\{\w+\}")
# The rules whose message names more than the question it is about.
KINDS: Mapping[str, str] = {
    "R-FOLDER": "没有该年度的报表文件夹",
    "R-SKIPPED": "来文中有不是报表的文件，未读取",
    "R-UNREAD": "有文件放在不读取的地方",
    "R-FILE": "文件不能采用",
    "R-ENCODING": "文件编码不是通用编码，已照读",
    "R-FORMAT": "文件的书写方式与表样不同，已照读",
    "R-HEADER": "找不到表头",
    "R-COLUMN-TWICE": "同一项目出现两列",
    "R-COLUMN-UNIT": "有一列的计量单位与表样不同",
    "R-MEASURE": "写明的计量单位与表样不同",
    "R-MEASURE-ASK": "没有写明金额的计量单位，已按表样读取",
    "R-COLUMN": "有不认识的列，未采用",
    "R-COLUMN-MISSING": "缺少应填的列，有关项目按未填报",
    "R-BLANK-ROWS": "表中有空行，已跳过",
    "R-FIELDS": "一行的格数与表头不同，数据可能错位",
    "R-CODE": "单位代码有误",
    "R-NAME": "单位名称与名册不符",
    "R-NAME-NORMAL": "单位名称的写法与名册略有不同，已采用",
    "R-NAME-FORMER": "单位名称为旧称，已采用",
    "R-NAME-MISSING": "单位名称空缺或写作“×”，已按代码认定",
    "R-TYPE": "单位类型与名册不符，已按名册",
    "R-COUNTY": "县级代码与单位类型不配",
    "R-COUNTY-TOTAL": "县本级一行像是全县合计",
    "R-YEAR": "统计年度与所在年度的文件夹不符",
    "R-YEAR-ALL": "整份报表的统计年度与所在年度的文件夹不符",
    "R-PERIOD": "报告期无法识别",
    "R-NOT-DUE": "该单位当年不在应报之列，未采用",
    "R-TWICE": "同一单位同一报告期有两行",
    "R-TWICE-FILES": "该单位有两份内容不同的报表",
    "R-COPY": "同一份报表有两个文件，只用一次",
    "R-ABSENT": "没有收到该单位的报表，按未上报处理",
    "R-NOTHING": "没有一份可以采用的报表",
    "R-ROW-MISSING": "缺少一个报告期的数据，有关项目按未填报",
    "R-PLACE": "某项不在该行填报，未采用",
    "R-NO-DATA": "某项没有数值",
    "R-MASKED": "某项用“×”等符号代替了数字，不参与计算",
    "R-APPROX": "某项填报的是概数，按概数采用",
    "R-NORMAL": "某项的写法与要求不同，已按规则认读",
    "R-PERCENT": "某项的百分数写法有疑问",
    "R-ANSWER": "某项填报有误，未采用",
    "R-PRIVATE": "某项疑似含有个人或部队信息，未采用",
    "R-FORMULA": "某项显示的数与存着的数不同，或公式没有可用的结果，未采用",
    "R-CORRECTED": "某项按核实后的更正数采用",
    "R-CORRECTION": "登记的更正与报表不符，不能采用",
    "R-EXPLANATION": "登记的说明没有对应的提示，没有用上",
    "R-REMARK": "备注不符合要求，没有保留，也不作为说明",
    "R-MERGED": "数据区有合并的格子，其中的数无法认定",
    "R-HIDDEN-ROWS": "隐藏或筛选的行中有数据，已照读",
    "R-HIDDEN-COLUMNS": "隐藏的列中有数据，已照读",
    "R-TOTAL-DIFFERS": "合计与各行相加不符",
    "R-ROSTER-NAME": "名册中单位的名称或曾用名含有不能印出的字符，暂以代码代替",
    "R-IDENTITY": "不能认定是哪个单位的报表",
    "R-CELL": "某一格的样式或内容需要核对，已照读",
    "R-OBJECTS": "工作表上有图形等，不作为数据读取",
    "R-FORM": "表式不能采用",
    "R-PARAMS": "县里填写的目标值、对比数据、更正或说明有误，没有采用",
    "R-FORM-VERSION": "表式版本与年度不符",
    "R-FORM-ROW": "表式中有不认识的行，未采用",
}


def kind(rule: str) -> str:
    """What a rule finds; the rule's id where it is not declared.

    >>> kind("R-BLANK"), kind("R-ABSENT")
    ('某项为必填项，没有填报', '没有收到该单位的报表，按未上报处理')
    """
    if declared := checks().get(rule):
        return declared.message
    if rule in KINDS:
        return KINDS[rule]
    if rule in rules():
        return rules()[rule].message.replace(_LABEL, "某项")
    return SENTENCES.get(rule, rule)


def has_places(rule: str) -> bool:
    """Whether the general words of a rule still have a place for a word, which nothing would fill."""
    return bool(_PLACE.search(kind(rule)))


_REMEDY = "请核对所涉各项，有误的更正后重新上报，属实的写明原因"
_FIXED = "填0"


def is_protected(finding: Finding) -> bool:
    """Whether the finding rests on a count that is protected: outside the full edition only their number is told.

    That such a count is above another, or near last year's, narrows it down.
    """
    return any(is_small_cell(variables()[name]) for name in finding.variables if name in variables())


def listable(findings: Iterable[Finding], edition: Edition) -> tuple[Finding, ...]:
    """The findings an edition may tell one by one."""
    return tuple(finding for finding in findings if edition == "full" or not is_protected(finding))


def problem(finding: Finding, edition: Edition) -> str:
    """What is wrong."""
    return finding.message if edition == "full" else kind(finding.rule)


def remedy(finding: Finding, edition: Edition) -> str:
    """What to do; a remedy that suggests a number is told in the full edition only."""
    without_year = finding.remedy.replace(_FIXED, "").replace(str(finding.year), "")
    return finding.remedy if edition == "full" or not re.search(r"[0-9]", without_year) else _REMEDY


def labels(finding: Finding) -> str:
    """The questions a finding is about, with the season."""
    season = SEASON_NAMES.get(finding.period, "")
    asked = [variables()[name].full_name for name in finding.variables if name in variables()]
    return "、".join(f"{label}（{season}）" if season else label for label in asked)


def place(finding: Finding) -> str:
    """Where it stands: file, sheet and cell, as far as they are known."""
    return " ".join(part for part in (finding.file, finding.sheet, in_words(finding.cell)) if part)
