"""Words for units of measure, and where a text states one. Judges no table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from stats.catalogue.variables import variables
from stats.returns.text_normalisation import compact, simplified

_SCALE = "(?:[十百千]?[万亿]|[十百千])"
_CURRENCY = "(?:人民币|美|港|日|欧|澳)?"
_COUNTED = "人次|户次|人|名|位|户|家|次|场|个|件|份|条|项|所|天|个月|个季度|个半年"
_MONEY = re.compile(rf"(?P<scale>{_SCALE})?(?P<currency>{_CURRENCY})(?P<inner>{_SCALE})?(?:元|圆)(?:人民币)?")
_ENGLISH = re.compile(r"(?P<scale>10k|10,?000|tenthousand|k|1,?000|thousand|million)?(?:yuan|rmb|cny)", re.IGNORECASE)
_COUNT = re.compile(rf"(?P<scale>{_SCALE})?(?P<counted>{_COUNTED})")
_SHARE = re.compile("[%‰]|百分之|千分之|百分比|百分点")
_LEAD = re.compile(r"(?:计量|金额|货币|数量|统计|计价|经费|资金)?(?:单位|units?)[:=为是]*", re.IGNORECASE)
# An amount (30万元) states no measure, and neither does 元 in other words and in names of places.
_MENTION = re.compile(
    r"(?<![0-9.余多几数两半〇零一二三四五六七八九十百千万亿单公状开纪次])"
    rf"(?P<money>{_SCALE}?{_CURRENCY}{_SCALE}?元)(?![旦宵月素宝老年帅件首勋庄村镇乡凶气化器组代])"
)
_STATED = re.compile(
    rf"(?:单位|units?)[^:=0-9]{{0,4}}[:=为是]+[^:;。]{{0,16}}|单位(?:{_SCALE}?元|{_SCALE}[人户名]?)"
    rf"|(?:以|按|用|均为|都是|皆为|折合){_SCALE}?元|[(\[【〔]{_SCALE}?元[)\]】〕/、,人]"
    rf"|{_ENGLISH.pattern.replace('?P<scale>', '?:')}",
    re.IGNORECASE,
)
_APART = re.compile(r"[()\[\]【】〔〕、,/;及和或与:=]|^(?:以|按|用|均为|都是|皆为|折合)|(?<=元)(?:计|填报|填写|为单位)")


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit of measure; ``kind`` is money, count or share, ``scaled``: numbers are not as they stand (万人, ‰)."""

    word: str
    kind: str
    scaled: bool = False


@cache
def _own() -> frozenset[str]:
    return frozenset(compact(v.unit) for v in variables().values() if v.unit)


def is_measure(text: str) -> bool:
    """Whether a text is nothing but a unit of measure.

    >>> is_measure("千元"), is_measure("万人"), is_measure("必填")
    (True, True, False)
    """
    word = simplified(compact(text))
    patterns = (_MONEY, _ENGLISH, _COUNT, _SHARE, re.compile(_SCALE))
    return word in _own() or any(pattern.fullmatch(word) for pattern in patterns)


def without_lead(text: str) -> str:
    """A unit of measure without the word 单位 before it.

    >>> without_lead("单位:万元"), without_lead("次")
    ('万元', '次')
    """
    match = _LEAD.match(text)
    return text[match.end() :] if match and text[match.end() :] else text


def stated_measures(text: str, *, in_passing: bool = True) -> tuple[Measure, ...]:
    """The units of measure a text beside a table states; with ``in_passing`` also money that it only mentions.

    >>> [measure.word for measure in stated_measures("计量单位：万元（人）")]
    ['万元', '人']
    >>> stated_measures("填报单位：双塘镇"), stated_measures("含一次性经费30万元"), stated_measures("元旦慰问")
    ((), (), ())
    """
    plain = simplified(compact(text))
    if is_measure(plain):
        return (_measure(plain),)
    found = [measure for match in _STATED.finditer(plain) for measure in _words(match[0])]
    if in_passing:
        found += [_measure(match["money"]) for match in _MENTION.finditer(plain)]
    return tuple(dict.fromkeys(found))


def _words(stated: str) -> list[Measure]:
    return [_measure(word) for word in _APART.split(_LEAD.sub("", stated)) if word and is_measure(word)]


def _measure(word: str) -> Measure:
    if english := _ENGLISH.fullmatch(word):
        scale = (english["scale"] or "").lower().replace(",", "")
        return Measure({"": "元", "10k": "万元", "10000": "万元", "tenthousand": "万元"}.get(scale, word), "money")
    if money := _MONEY.fullmatch(word):
        currency = money["currency"].replace("人民币", "")
        return Measure(f"{money['scale'] or ''}{money['inner'] or ''}{currency}元", "money")
    if re.fullmatch(_SCALE, word):
        return Measure(word, "count", scaled=True)
    if count := _COUNT.fullmatch(word):
        return Measure(word, "count", bool(count["scale"]))
    return Measure(word, "share", word in ("‰", "千分之"))
