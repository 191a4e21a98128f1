"""Recognises what may never be copied (numbers of persons, troops, names); shows the rest safely."""

from __future__ import annotations

import re

from stats.returns.normalising import plain

HIDDEN = "（已隐去）"
LONGEST_SHOWN = 40

_NUMBERS = re.compile(
    r"(?<![0-9.])[0-9]{11,}"  # telephone, identity and account numbers; no answer is that large
    r"|(?<![0-9])[0-9]{17}[xX]"
    r"|(?<![0-9])1[3-9][0-9][\s-]?[0-9]{4}[\s-]?[0-9]{4}(?![0-9])"
    r"|(?<![0-9])[0-9]{6}[\s-][0-9]{8}[\s-][0-9]{3}[0-9xX]"
    r"|(?<![0-9])0[0-9]{2,3}[\s-][0-9]{7,8}(?![0-9])"
    r"|[0-9〇零一二三四五六七八九]{2,}\s*部队|[0-9]\s*部队"
)
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴夏钟汪田任姜范方石姚谭廖邹熊"
    "金陆郝孔白崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦柳邢路岳齐梅莫"
    "庄辛管祝左涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄曲游阳裴席卫屈鲍覃霍翁隋甘景薄包司柏宁柯阮桂闵柴华车冉房边"
)
_COMPOUND = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯"
_TITLES = "同志|书记|部长|镇长|乡长|主任|先生|女士|干事|村长|站长|所长|委员|连长|营长|战士"
_TITLED = re.compile(rf"(?:{_COMPOUND}|[{_SURNAMES}])[\u4e00-\u9fff]{{0,2}}(?:{_TITLES})")
_NAME = re.compile(rf"(?:[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}})")
_HAN = re.compile(r"[\u3400-\u9fff]+")
# Words an answer may well contain; they are taken away before the rest is judged.
_ANSWER_WORDS = re.compile(
    "季度|每季|季|年|月|日|约|近|左右|以上|以下|不少于|至少|不足|超过|其中|包括|含|合计|共计|共|累计|前后|先后|现场|书面|未?述职"
    "|达优|未?达标|未?验收|是|否|无|没有|未统计|不适用|召开|开展|组织|会议|会|活动|万元|元|人次|户次|人|名|位|个|次|件|所|场|户|份|项"
    "|天|条|村|社区|学校|星级|余|多|几|半|第|等|的|和|及|[〇零一二两三四五六七八九十百千万亿]"
)
_INTRODUCING = re.compile("其中|包括|含|姓名")
# Longer free text in a number's place may tell of a person's health or review; it is not kept either.
_LONGEST_FREE_TEXT = 8


def has_private_number(raw: str) -> bool:
    """Whether there is something like an identity or telephone number or the number of a troop unit.

    >>> has_private_number("联系电话138 0013 8000"), has_private_number("12345")
    (True, False)
    """
    text = plain(raw)
    return len(text) > 3 and bool(_NUMBERS.search(text))


def looks_personal(raw: str) -> bool:
    """Whether a text that was not understood as an answer may name a person or tell of one.

    >>> looks_personal("张三"), looks_personal("三十七名")
    (True, False)
    """
    text = plain(raw)
    if _TITLED.search(text):
        return True
    rest = _HAN.findall(_ANSWER_WORDS.sub(" ", text))
    if any(map(_NAME.fullmatch, rest)) or sum(map(len, rest)) >= _LONGEST_FREE_TEXT:
        return True
    words = _HAN.findall(_INTRODUCING.sub(" ", text))
    return any(_NAME.fullmatch(word) and _ANSWER_WORDS.sub("", word) for word in words)


def shown(raw: str) -> str:
    """A text from a return as a message may show it: short, without control characters, private numbers hidden.

    >>> print(shown("12\\t3"), shown("13800138000"))
    12\\t3 （已隐去）
    """
    if has_private_number(raw):
        return HIDDEN
    text = raw if len(raw) <= LONGEST_SHOWN else raw[:LONGEST_SHOWN] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
