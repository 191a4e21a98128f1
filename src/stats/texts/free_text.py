"""Free text beside a number: reasons, roles, explanations. Tells what may not be kept; keeps and shows nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from stats.texts.drawable import listed, undrawable
from stats.texts.persons import is_bare_name, looks_personal
from stats.texts.plain import plain
from stats.texts.privacy import has_private_number

LONGEST_TEXT = 200
LONGEST_ROLE = 40
LONGEST_NAME = 40

_POSTS = (
    "副?(?:部长|科长|股长|处长|局长|主任|书记|县长|镇长|乡长|主席|组长|站长|所长)|干事|干部|专干|统计员|审核员|填报员|工作人员|负责人|经办人"
    "|委员|参谋|助理|秘书|文书|领导|同志|先生|女士|战士"
)
_OFFICES = (
    "人民武装部|县?人武部|武装部|武装工作|征兵|民兵|军事科|政工科|后勤科|保障科|统计科|统计局|县委|镇委|分管|主管|值班|财政局|财政所|人民政府|党委|政府|退役军人事务局"
    "|退役军人|服务站|街道|办事处|办公室|领导小组|国防动员委员会|综合|科|股|室|部|局|办|站|所|县级|县|镇|乡|本级|专职|专武|武装"
)
_OFFICE = re.compile(f"(?P<post>{_POSTS})|{_OFFICES}")
# Words that begin like a surname but name nobody.
_ORDINARY = re.compile(
    "金额|任务|项目|程序|施工|常住|管理|高考|马上|温差|方面|方案|时间|年度|经费|费用|汇总|复核|重新|再次|双方|上级|单位|会议"
    "|原件|台账|电话|书面|数据|数字|武委会|安委会|卫健|史志|方志|金融|毕业|任期|车辆|房屋|收入|包干|包保|洪灾|洪水|洪涝"
    "|康复|程度|程控|路段|游客|焦点|龙头|高职|常规|曾用|白皮书|江河|雷达"
)
# A place with its kind, where a word begins: 高邑县, 路口镇; what begins like a surname there is none.
_PLACES = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,3}(?:[县市区镇乡]|街道)(?![长里委])")
_SAID = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=[经由据因向]))"
    r"(?=(?P<name>[\u4e00-\u9fff]{2,3}?)(?:核实|确认|同意|填写|填报|说|反映|提供|经办|报告|调走|退休|住院|生病))"
)
_INTRODUCED = re.compile("(?:姓名|联系人|核实人|填报人|审核人)[:：是为]?")
_ALONE = re.compile(r"(?<![\u4e00-\u9fff])(?P<name>[\u4e00-\u9fff]{2,3})(?![\u4e00-\u9fff])")
_TITLED = re.compile(r"(?P<name>[\u4e00-\u9fff]{1,3})▣")


def problem_of_text(text: str, names: Iterable[str] = ()) -> str:
    """Why a reason or an explanation may not be kept; empty where it may.

    ``names`` are those of units, which may well begin like a person's. Nobody is named in a sentence about a number,
    so what only looks like a name is refused too.

    >>> problem_of_text("经武装部核实，原数漏填一户"), problem_of_text("张三，已核实")
    ('', '疑似含有姓名')
    """
    if len(text) > LONGEST_TEXT:
        return f"超过 {LONGEST_TEXT} 字"
    if has_private_number(text):
        return "疑似含有身份证号、电话号码或部队番号"
    if missing := undrawable(text):
        return f"含有换行、看不见的字符、表情符号或字体没有的字（{listed(missing)}）"
    return "疑似含有姓名" if _names_someone(_without(plain(text), names)) else ""


def problem_of_role(text: str, names: Iterable[str] = ()) -> str:
    """Why a text is not the role of who agreed; empty where it is one: an office or a post, and nobody's name.

    >>> problem_of_role("县人武部军事科"), problem_of_role("双塘镇武装部部长", ["双塘镇"]), problem_of_role("张三")
    ('', '', '应写职务或科室，不写姓名')
    """
    if not text or len(text) > LONGEST_ROLE:
        return f"为空或超过 {LONGEST_ROLE} 字"
    if has_private_number(text):
        return "疑似含有身份证号、电话号码或部队番号"
    bare = _without(plain(text), names)
    is_office = _OFFICE.search(bare) is not None
    is_name = looks_personal(_OFFICE.sub(" ", bare)) or _has_titled(bare)
    return "" if is_office and not is_name else "应写职务或科室，不写姓名"


def _without(text: str, names: Iterable[str]) -> str:
    """A text with each name in it, the longest at each place, replaced by a sign.

    What is looked for are the text's own pieces, since a file may name thousands of places and hold as many texts.

    >>> _without("青山镇街道与青山镇", ["青山镇", "青山镇街道"])
    '◦与◦'
    """
    known = names if isinstance(names, frozenset) else frozenset(names)
    lengths = _lengths(known)
    parts, at = [], 0
    while at < len(text):
        length = next((length for length in lengths if text[at : at + length] in known), 0)
        parts.append("◦" if length else text[at])
        at += length or 1
    return "".join(parts)


@lru_cache(maxsize=8)
def _lengths(names: frozenset[str]) -> tuple[int, ...]:
    """How long names are, the longest first; longer ones are none."""
    return tuple(sorted({len(name) for name in names if 0 < len(name) <= LONGEST_NAME}, reverse=True))


def _names_someone(text: str) -> bool:
    """Whether a word stands where a name would, and looks like one."""
    text = _INTRODUCED.sub("◦", _PLACES.sub("◦", _ORDINARY.sub("字字", text)))
    bare = _OFFICE.sub("◦", text)
    words = [match["name"] for pattern in (_ALONE, _SAID) for match in pattern.finditer(bare)]
    return any(map(is_bare_name, words)) or _has_titled(text)


def _has_titled(text: str) -> bool:
    """Whether a surname stands before a post: 李部长, but not 武装部部长."""
    bare = _OFFICE.sub(lambda match: "▣" if match["post"] else "◦", text)
    return any(looks_personal(f"{match['name']}主任") for match in _TITLED.finditer(bare))
