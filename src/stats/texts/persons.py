"""Recognises words that may name a person or tell of one. Knows surnames and titles; keeps nothing."""

from __future__ import annotations

import re

from stats.texts.plain import plain

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴夏钟汪田任姜范方石姚谭廖邹熊"
    "金陆郝孔白崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦柳邢路岳齐梅莫"
    "庄辛管祝左涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄曲游阳裴席卫屈鲍覃霍翁隋甘景薄包司柏宁柯阮桂闵柴华车冉房边"
    "肖闫佟尚褚巩胥晏宫娄冷麻糜缪蒲蒙瞿阙冀茅窦覃詹逯晁敖皮"
)
# Also common words (余, 于, 万): surnames only where nothing else is left of the text.
_ALONE = _SURNAMES + "于余万时成"
_COMPOUND = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|端木|独孤|宇文|长孙"
_TITLES = (
    "同志|书记|部长|镇长|乡长|主任|先生|女士|干事|村长|站长|所长|委员|连长|营长|排长|班长|团长|战士|老师|医生|同学|师傅"
)
_TITLED = re.compile(rf"(?:{_COMPOUND}|[{_SURNAMES}])[\u4e00-\u9fff]{{0,2}}(?:{_TITLES})|同志")
_OFFICES = re.compile("武装(?:部|干事|工作)?|专武(?:干部)?|安置|委员会")
_MASKED_NAME = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:{_COMPOUND}|[{_SURNAMES}])(?:某{{1,2}}|[xX*×□]{{1,2}})(?![0-9xX*×□])"
)
_NAME = re.compile(rf"[{_ALONE}][\u4e00-\u9fff]{{1,2}}|(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}")
_CLEAR_NAME = re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}")
_NUMERAL_NAME = re.compile(rf"[{_ALONE}][一二三四五六七八九十]{{1,2}}")
_WITH_DOT = re.compile(r"[\u4e00-\u9fff]{2,}[·•・‧][\u4e00-\u9fff]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff]+")
# Words an answer may well contain; they are taken away before the rest is judged.
_WORDS = (
    "季度|每季|季|年|月|日|约|近|左右|以上|以下|不少于|至少|不足|不到|超过|不超过|其中|包括|含|合计|共计|共|累计|总计|全年|前后|先后"
    "|现场|书面|未?述职|达优|未?达标|基本|未?验收|是|否|无|没有|没|未统计|统计|不适用|召开|开展|组织|安排|举行|发生|会议|会|活动"
    "|人民币|万元|元|角|人次|户次|人|名|位|个|次|件|所|场|户|份|项|天|条|村|社区|学校|星级|亩|套|整|余|多|来|几|半|成|第|等|的|和|及|至|到|百分之|分"
    "|同上|见附件|附件|附表|详见|见|如上|略|未知|不详|不清楚|合格|优秀|良好|全部|所有|覆盖|部分|若干|许多|很多|大量|少量|一批|大批|一些"
    "|未|已|完成|圆满|逐年|增加|递增|增长|减少|下降|提高|应|计划|上报|填报|数据|暂"
)
_NUMERALS = "[〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿卅]"
_ANSWER_WORDS = re.compile(f"{_WORDS}|{_NUMERALS}")
_OTHER_WORDS = re.compile(_WORDS)
_SOFTWARE_WORDS = re.compile("null|none|true|false|infinity|value|name|getting_data|spill|calc", re.IGNORECASE)
_INTRODUCING = re.compile("其中|包括|含|姓名|联系人|填报人|填表人|经办人|负责人")
# Longer free text in a number's place may tell of a person's health or review; it is not kept either.
_LONGEST_FREE_TEXT = 8


def names_person(text: str) -> bool:
    """Whether a text holds a name with a title, a half-masked name, or a name with a dot; for any kind of text.

    >>> names_person("王建国同志"), names_person("李某某"), names_person("买买提·艾力"), names_person("武装部")
    (True, True, True, False)
    """
    text = _OFFICES.sub(" ", plain(text))
    return any(pattern.search(text) for pattern in (_TITLED, _MASKED_NAME, _WITH_DOT))


def looks_personal(raw: str) -> bool:
    """Whether a text that was not understood as an answer may name a person or tell of one.

    >>> looks_personal("张三"), looks_personal("12人张三"), looks_personal("三十七名")
    (True, True, False)
    """
    text = plain(raw)
    if names_person(text):
        return True
    rest = _HAN.findall(_ANSWER_WORDS.sub(" ", text))
    if any(map(_NAME.fullmatch, rest)) or sum(map(len, rest)) >= _LONGEST_FREE_TEXT:
        return True
    if any(map(_NUMERAL_NAME.fullmatch, _HAN.findall(_OTHER_WORDS.sub(" ", text)))):
        return True
    words = _HAN.findall(_INTRODUCING.sub(" ", text))
    return any(_CLEAR_NAME.fullmatch(word) and _ANSWER_WORDS.sub("", word) for word in words)


def has_unknown_words(raw: str) -> bool:
    """Whether words stand in a number's place that no answer holds; they may be a name that looks like none.

    >>> has_unknown_words("扎西"), has_unknown_words("John"), has_unknown_words("约12人左右")
    (True, True, False)
    """
    text = plain(raw)
    rest = _HAN.findall(_ANSWER_WORDS.sub(" ", text))
    return sum(map(len, rest)) >= 2 or bool(re.search(r"[A-Za-z]{4,}", _SOFTWARE_WORDS.sub("", text)))


def is_bare_name(text: str) -> bool:
    """Whether a text is nothing but a name of two to four characters; short words beginning like one count too.

    >>> is_bare_name("张建国"), is_bare_name("双塘镇"), is_bare_name("高桥镇"), is_bare_name("武装部")
    (True, False, False, False)
    """
    return bool(_CLEAR_NAME.fullmatch(text)) and not _NO_NAME.search(text)


_NO_NAME = re.compile(
    r"[镇乡县区市省村部表册数率费额金报季年月日处办所局站委场校户店量]$|街道|社区|武装|方案|安置|高中|应急|安全|单位|文件|文档|常用|常委|方式|时间"
    r"|史料|成绩|成果|成员|余额|于|白名|范围|范本|范例|任务|路线|程序|管理|关系|关键|包括|易|宁|何时|何地|安排|成本|万元|万人|左|边"
)
