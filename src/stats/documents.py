"""The set: one entry a document. Whoever needs a document's number, title or notebook reads it here; makes none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from stats.errors import ParamsError
from stats.files import file_name_part
from stats.formats import OF_TEXT, PICTURE
from stats.params import Params, Unit
from stats.params.models import Edition

PENDING = "pending.ipynb"
# What an edition is called in the name of a file.
EDITION_NAMES: Mapping[str, str] = {"full": "全本", "meeting": "会议本", "public": "公开本"}


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """One document of the set, or one for each unit due.

    ``key`` is what its notebook is called and what a cover names it by; a town's ``number`` is followed by the town's
    place. ``title`` names the file (a town's is named by the town), ``heading`` ends the title on the cover. ``of``
    says whose return it is about: of a town, the county's own, or of none ("set"). While that return is withheld the
    page that ``stand_in`` makes takes its place, which may be its own notebook; a document without one is then left
    out. ``formats`` are the suffixes of those it is made in, all where none is named. ``pages`` is how many it may have
    on paper, 0 is any number; ``is_short`` says that its cover is therefore one line and who made it stands in a note.
    ``purpose`` tells in the list of the set who reads it and for what.
    """

    key: str
    number: str
    title: str
    heading: str
    of: Literal["town", "county", "set"]
    purpose: str
    stand_in: str = ""
    editions: tuple[str, ...] = get_args(Edition)
    formats: tuple[str, ...] = ()
    pages: int = 0
    is_short: bool = False

    @property
    def notebook(self) -> str:
        """The file name of its notebook."""
        return f"{self.key}.ipynb"

    @property
    def stands_in_itself(self) -> bool:
        """Whether its own notebook says that the return is withheld, where it is."""
        return self.stand_in == self.notebook

    def number_at(self, place: int) -> str:
        """The number in the head of the document of the unit at this place.

        >>> entry("town").number_at(7), entry("county").number_at(0)
        ('附件3-07', '附件2')
        """
        return f"{self.number}-{place:02d}" if self.of == "town" else self.number

    def numbers(self, places: Sequence[int]) -> str:
        """The numbers of all that are made of it, as the list of the set has them.

        >>> entry("town").numbers([1, 2, 3]), entry("county").numbers([0])
        ('附件3-01至3-03', '附件2')
        """
        first, last = self.number_at(places[0]), self.number_at(places[-1])
        return first if first == last else f"{first}至{last.removeprefix('附件')}"

    def file_name(self, unit: Unit, place: int, edition: Edition) -> str:
        """The name of its files, without a suffix.

        >>> entry("county").file_name(Unit(code="990118000000", name="云汀县", type="县级本级"), 0, "meeting")
        '附件2-全县统计汇总-会议本'
        """
        last = code_name(unit) if self.of == "town" else self.title
        return "-".join(part for part in (self.number_at(place), last, EDITION_NAMES[edition]) if part)

    def subjects(self, params: Params) -> Iterator[tuple[int, Unit]]:
        """The units it is made of, each with its place: those due in code order, else the county."""
        return enumerate(params.due(params.year), start=1) if self.of == "town" else iter([(0, params.county_unit)])


# In the order of the set.
DOCUMENTS = (
    DocumentEntry(
        key="contents",
        number="附件0",
        title="目录",
        heading="党管武装工作统计附件目录和使用说明",
        of="set",
        purpose="供收到本套附件的人：有哪些附件，怎样读",
        pages=2,
    ),
    DocumentEntry(
        key="overview",
        number="附件1",
        title="统计概览",
        heading="党管武装工作统计概览",
        of="county",
        purpose="供会议和领导参阅：全县主要数字、成绩和差距，一页",
        stand_in="overview.ipynb",
        formats=(*OF_TEXT, PICTURE.suffix),
        pages=1,
        is_short=True,
    ),
    DocumentEntry(
        key="county",
        number="附件2",
        title="全县统计汇总",
        heading="党管武装工作统计汇总和位次",
        of="county",
        purpose="供县领导和会议：全县各指标、各单位位次和达标情况、未达标单位",
        stand_in=PENDING,
        pages=16,
    ),
    DocumentEntry(
        key="town",
        number="附件3",
        title="统计附件",
        heading="党管武装工作统计附件",
        of="town",
        purpose="供各单位：本单位各指标、要抓的事、历年情况，每单位一份",
        stand_in=PENDING,
        pages=6,
    ),
    DocumentEntry(
        key="quality",
        number="附件4",
        title="数据质量报告",
        heading="党管武装工作统计数据质量报告",
        of="set",
        purpose="供汇总和统计人员：上报、概数、缺报、更正和待核对的问题",
        pages=3,
    ),
    DocumentEntry(
        key="definitions",
        number="附件5",
        title="指标解释",
        heading="党管武装工作指标解释和计算方法",
        of="set",
        purpose="供查阅：各指标的含义、算法、目标依据和排位办法",
        pages=4,
    ),
    DocumentEntry(
        key="workbook",
        number="附件6",
        title="汇总数据",
        heading="党管武装工作汇总数据",
        of="set",
        purpose="供统计人员：各单位各指标、位次、历年、分季的电子表",
        formats=("xlsx",),
    ),
    DocumentEntry(
        key="duty",
        number="附件7",
        title="述职参考单",
        heading="党管武装述职参考单",
        of="town",
        purpose="供各单位书记述职：按述职的次序列出可念的表述，每单位一页",
        stand_in="duty.ipynb",
        pages=1,
        is_short=True,
    ),
    DocumentEntry(
        key="speech",
        number="附件8",
        title="讲话引用数据",
        heading="党管武装工作讲话引用数据",
        of="county",
        purpose="供起草讲话：按讲话的说法列出全县的数和出处",
        stand_in="speech.ipynb",
        pages=2,
        is_short=True,
    ),
)

# Every notebook of the set, each once.
NOTEBOOKS = tuple(dict.fromkeys(name for each in DOCUMENTS for name in (each.notebook, each.stand_in) if name))


def entry(key: str) -> DocumentEntry:
    """The document of this key; ParamsError where there is none.

    >>> entry("town").notebook
    'town.ipynb'
    """
    for each in DOCUMENTS:
        if each.key == key:
            return each
    raise ParamsError(f"没有名为“{key}”的附件", f"可用的有：{'、'.join(each.key for each in DOCUMENTS)}")


def chosen(params: Params) -> tuple[DocumentEntry, ...]:
    """The documents of the run's edition that the county wants; ParamsError for one that there is not."""
    wanted = {entry(key).key for key in params.documents} or {each.key for each in DOCUMENTS}
    return tuple(each for each in DOCUMENTS if each.key in wanted and params.edition in each.editions)


def see(params: Params, key: str, words: str = "{}", place: int = 0) -> str:
    """``words`` with the number of a document in the place of {}; empty where the county leaves the document out."""
    return words.format(entry(key).number_at(place)) if entry(key) in chosen(params) else ""


def code_name(unit: Unit) -> str:
    """A unit in a file name: code and name."""
    return "-".join(part for part in (unit.code, file_name_part(unit.name)) if part)
