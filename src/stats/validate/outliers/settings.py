"""When an answer is unlikely: every limit with its reason, as data. Judges nothing."""

from __future__ import annotations

from dataclasses import dataclass

from stats.catalogue.variables import Variable


@dataclass(frozen=True, slots=True)
class Setting:
    """One limit, and why it is what it is."""

    value: float
    why: str


# A modified z-score of 3.5 is 5.2 median deviations from the median: Iglewicz and Hoaglin (1993), "How to detect and
# handle outliers". On a ratio scale a deviation is a factor, so five deviations are its fifth power.
SPREADS = 5
PEERS_LEAST = Setting(5, "of fewer units a median of deviations says next to nothing; then only the fixed limits hold")
JUMP = Setting(2.5, "counts of a town move by a half from year to year without any mistake; three times is unusual")
ALONE = Setting(3, "without peers the common movement of a year is unknown, so more room is left")
OWN_ROOM = Setting(1.5, "a unit whose answer has swung before may swing half as far again")
NOISE = Setting(4, "counts scatter by the root of their size; within four roots it may be chance")
LEFT_OUT = Setting(50, "a count this large that becomes 0 while the others' do not was rather not filled in")

# Smallest answer (the larger of two compared) that is judged at all, by kind of question.
LEAST = {
    "int": Setting(20, "below it a handful of people makes any ratio"),
    "decimal": Setting(1, "below 1 of the unit of measure one purchase makes any ratio"),
    "percent": Setting(1, "a rate below one hundredth is judged only against a former rate above it"),
}

# A slip of the unit of measure: the corrected answer is within this factor of what was expected.
SLIPS = {
    10: Setting(2, "half the room to the next power of ten on the ratio scale, less a margin for jumps"),
    100: Setting(3, "as 10; a true change by 30 times is unheard of, so more room does no harm"),
    10_000: Setting(6, "元 for 万元: nothing true comes near"),
}
SLIPS_WITHOUT_LAST_YEAR = (100, 10_000)  # a town ten times its peers per head may be so

SWAP_OWN = Setting(1.6, "each of the two answers is this far from its own last year at least")
SWAP_FIT = Setting(1.7, "and this close to the other's last year at most")
SWAP_GAIN = Setting(4, "both together fit the other way round at least four times better")

REPEAT_ANSWERS = Setting(3, "two equal answers happen by chance every year")
REPEAT_DIGITS = Setting(7, "single digits repeat by chance: together the answers have at least this many digits")

# Answers that stay the same for good reasons, so that repeating last year's says nothing.
SLOW = {
    "bas_population": "small places change by less than the rounding in use",
    "bas_villages": "changes only with boundaries",
    "bas_schools": "changes only when a school opens or closes",
    "sys_council_quarters": "the norm is every quarter, four",
    "sys_fs_office_months": "the norm is every month, twelve",
    "sys_fs_committee_quarters": "the norm is every quarter, four",
    "sys_fs_talk_halves": "the norm is every half-year, two",
    "sys_fs_research_count": "one to three a year",
    "mil_reorg_due": "follows the number of villages",
    "mil_reorg_done": "the norm is all that are due",
    "mil_reorg_items": "the norm is all five",
    "bld_company_total": "follows the number of villages",
    "bld_star5": "a grade is kept for years",
    "bld_star4": "a grade is kept for years",
    "bld_star3": "a grade is kept for years",
    "edu_schools_covered": "the norm is all schools",
    "edu_camp_days": "the length of a course is set once",
    "sup_allowance_standard": "set by the county",
}

# Questions whose jump another check already reports.
NO_JUMP = {
    "bas_population": "V39 reports a change by a fifth",
}

# What grows with the number of people: compared per head. Other answers are compared as they stand.
PER_HEAD_UNITS = frozenset({"人", "名", "人次", "户", "户次", "份", "件", "万元"})

# What may be said of a finding without any number.
SENTENCES = {
    "O-JUMP": "与上年相比变动异常，请核对",
    "O-UNIT": "疑似计量单位或小数点位置有误，请核对",
    "O-SWAP": "疑似相邻两项填反，请核对",
    "O-SHIFT": "疑似一段数整体填错了一行，请核对",
    "O-REPEAT": "整个领域的数与上年完全相同，请核对是否沿用了上年数",
}


def least(variable: Variable) -> float:
    """The smallest answer of a question that is judged."""
    return LEAST[variable.kind].value


def is_per_head(variable: Variable) -> bool:
    """Whether a question's answers are compared per head of the population."""
    return variable.unit in PER_HEAD_UNITS and variable.name != "bas_population"
