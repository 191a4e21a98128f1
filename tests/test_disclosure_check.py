"""The protection of a published set is proved again from its files alone, and every kind of planted leak is found."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from demo import CellKey
from leaky_sets import SMALL, TOWNS, YEAR, LeakySet, built, copied, edit_part, eight_towns, funnel
from small_county import COUNTY
from stats import report
from stats.cli import main
from stats.disclosure import county_key, recorded
from stats.disclosure_check import check
from stats.disclosure_check.findings import NOT_PROVED, Leak
from stats.errors import ExitCode, ParamsError

SOURCE = Path(__file__).resolve().parents[1] / "src/stats"
INDICATORS, WORK, STATES = "党管武装工作指标", "工作数据和主要基数", "各单位达标情况一览"
UNITS = "各单位党管武装制度落实、兵员征集情况"
RECRUITS, PER_TEN_THOUSAND, CERTIFIED = "征集新兵数", "每万人口征集新兵数", "专武干部资格认证合格率"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace with the set, which no test changes."""
    return built(tmp_path_factory.mktemp("published"), eight_towns(), "meeting")


@pytest.fixture
def leaky(published: Path, tmp_path: Path) -> LeakySet:
    return copied(published, tmp_path / "copy")


def about(leaky: LeakySet, kind: str, words: str = "") -> list[Leak]:
    """The findings of a kind that say these words."""
    found = leaky.checked().leaks
    assert [leak for leak in found if leak.kind in NOT_PROVED] == []
    return [leak for leak in found if leak.kind == kind and words in leak.follows]


def test_the_set_as_it_was_built_leaks_nothing(leaky: LeakySet) -> None:
    checked = leaky.checked()
    assert (checked.leaks, checked.exit_code) == ((), ExitCode.COMPLETE)
    assert checked.hidden > 70
    assert checked.facts > 200


# The ten kinds of leaks there were.


def test_a_same_count_over_other_units_is_found(leaky: LeakySet) -> None:
    """A: 121 recruits of eight towns, and a rate per head of seven, the small town's population being missing."""
    people = sum(int(leaky_population(town)) for town in TOWNS if town != SMALL)
    rate = f"{119 * 10_000 / people:.2f}"
    leaky.without_workbook()
    leaky.edit(leaky.page(COUNTY), lambda html: html.replace("各指标有效填报单位均为8个（应报8个）", ""))
    leaky.edit(leaky.page(COUNTY), lambda html: html.replace("8/8；", f"8/8；“{PER_TEN_THOUSAND}”7/8，"))
    leaky.put(COUNTY, UNITS, "白鹭滩镇", "每万人征", "")
    leaky.put(COUNTY, UNITS, "全县合计", "每万人征", rate)
    leaky.put(COUNTY, INDICATORS, PER_TEN_THOUSAND, "本年", rate)
    leaky.put(COUNTY, INDICATORS, PER_TEN_THOUSAND, "同比", "")
    for town in TOWNS:
        leaky.put(town, INDICATORS, PER_TEN_THOUSAND, "全县", rate)
        leaky.put_in_csv(town, "REC-09", county=rate)
    leaky.put(SMALL, INDICATORS, PER_TEN_THOUSAND, "本年", "")
    leaky.put_in_csv(SMALL, "REC-09", display="", status="missing")
    leaky.put_in_csv(COUNTY, "REC-09", value=rate, display=rate, yoy="", yoy_display="", units_answered="7")
    assert about(leaky, "small", f"{SMALL} {YEAR}年“征集新兵人数”只能是 2")


def leaky_population(town: str) -> str:
    return eight_towns().answers[CellKey(town, YEAR, "year", "bas_population")].replace(",", "")


def test_b_a_figure_at_twelve_decimals_is_found_and_what_follows_from_it(leaky: LeakySet) -> None:
    rate = f"{2 * 10_000 / int(leaky_population(SMALL)):.12f}"
    leaky.put_in_csv(SMALL, "REC-09", value=rate, status="ok")
    assert about(leaky, "precision", "12 位小数")
    assert about(leaky, "small", f"{SMALL} {YEAR}年“征集新兵人数”只能是 2")


def test_c_a_printed_number_of_the_qualified_that_bounds_hidden_recruits_is_found(leaky: LeakySet) -> None:
    leaky.edit(leaky.page(SMALL), lambda html: html.replace("双合格[隐]", "双合格1人"))
    assert about(leaky, "small", f"{SMALL} {YEAR}年“征集新兵人数”只能是")


def test_d_a_change_over_fewer_units_for_a_town_with_a_break_is_found(leaky: LeakySet) -> None:
    """119 − 112 of the seven others beside 121 and 119 of all: the small town has five fewer than the seven it had."""
    leaky.without_workbook()
    leaky.edit(leaky.page(SMALL), lambda html: html.replace("新兵[隐]（上年[隐]）", "新兵[隐]（上年7）"))
    leaky.put(SMALL, INDICATORS, "征集新兵数", "同比", "")
    leaky.put_in_csv(SMALL, "REC-02", yoy_display="")
    leaky.put(COUNTY, INDICATORS, "征集新兵数", "同比", "+7〔可比〕")
    leaky.put_in_csv(COUNTY, "REC-02", yoy="7", yoy_display="+7〔可比〕", comparable_units="7")
    said = "比上年增加7名（按两年均有数据的7个单位计算）"
    for page in leaky.county_pages_with("比上年增加2名"):
        leaky.edit(page, lambda html: html.replace("比上年增加2名", said))
    assert about(leaky, "small", f"{SMALL} {YEAR}年“征集新兵人数”只能是 2")


def test_e_two_issues_with_a_late_return_are_found(leaky: LeakySet, tmp_path: Path) -> None:
    """The first issue, on record, had seven towns; the set of eight was built as if it had not gone out."""
    county = eight_towns()
    county.removed.add((SMALL, YEAR))
    first = county.write(tmp_path / "first")
    shutil.copy(leaky.workspace / "params/disclosure.key", first / "params")
    record = recorded(report.load(first, edition="meeting").released, 1, county_key(first))
    place = leaky.workspace / f"data/issued/{record.name}.json"
    place.parent.mkdir()
    place.write_bytes(record.to_bytes(county_key(first)))
    (found,) = about(leaky, "small", f"{SMALL} {YEAR}年“征集新兵人数”只能是 2")
    assert f"data/issued/{record.name}.json" in found.follows


def test_f_a_sparse_column_left_open_is_found(leaky: LeakySet) -> None:
    """Nobody was sent back anywhere: of such a question no town's count stands in a document."""
    for town in TOWNS[:7]:
        leaky.say(town, "情况说明", "退兵人数0名。")
    assert about(leaky, "sparse", f"{YEAR}年")


@pytest.mark.parametrize(
    "told",
    [
        "大学生数不应大于征集新兵数：请核对。",
        "V02：新兵人数请核对。",
        "秋季与上年相比变动异常（涉及“征集新兵人数”）。",
    ],
)
def test_g_a_finding_told_with_town_and_rule_is_found(leaky: LeakySet, told: str) -> None:
    leaky.say(SMALL, "填报质量和说明", f"待核对：{told}")
    assert about(leaky, "told")


def test_h_numbers_of_hidden_counts_of_questions_the_edition_does_not_hold_are_found(tmp_path: Path) -> None:
    """The public edition holds no question with small counts, so that nothing is hidden in it."""
    leaky = bare_set(tmp_path, "<p>应填101项，均已准确填报。因数值过小不公布10项。</p>", edition="public")
    (found,) = about(leaky, "hidden_count")
    assert "本版只有 0 个" in found.follows
    other = bare_set(tmp_path / "m", "<p>应填101项，均已准确填报。因数值过小不公布10项。</p>", edition="meeting")
    assert other.kinds() == set()


def test_i_the_hash_of_a_return_in_the_manifest_is_found(leaky: LeakySet) -> None:
    returns = leaky.workspace / f"data/returns/{YEAR}/returns.csv"
    digest = hashlib.sha256(returns.read_bytes()).hexdigest()
    change_manifest(leaky, sources={"inputs": {"data/returns/2021/returns.csv": digest}})
    (found,) = about(leaky, "hash")
    assert f"data/returns/{YEAR}/returns.csv" in found.follows


def test_i_a_hash_of_nothing_in_the_folder_is_found_without_the_workspace_too(leaky: LeakySet) -> None:
    change_manifest(leaky, sources={"params": "0" * 64})
    assert {leak.kind for leak in check(leaky.folder).leaks} == {"hash"}


def test_l_a_list_of_findings_with_values_one_folder_above_is_found(leaky: LeakySet) -> None:
    (leaky.folder.parent / "list.csv").write_text("unit,severity,rule,message\n甲,error,V02,7名大于5名\n", "utf-8")
    assert about(leaky, "findings_file", "上一级")


def test_l_a_list_of_findings_in_the_folder_is_found(leaky: LeakySet) -> None:
    (leaky.folder / "data/findings.csv").write_text("单位,问题\n", "utf-8")
    assert about(leaky, "findings_file")


# What else a reader would see.


def test_a_small_count_that_stands_there_is_found(leaky: LeakySet) -> None:
    leaky.put(SMALL, INDICATORS, RECRUITS, "本年", "2")
    assert about(leaky, "small", "是应当隐去的小数")


def test_a_small_number_in_a_sentence_is_found(leaky: LeakySet) -> None:
    leaky.say(SMALL, "情况说明", "全年征集新兵2名。")
    assert about(leaky, "small", "是应当隐去的小数")


def test_a_small_number_of_an_earlier_year_in_the_words_for_a_chart_is_found(leaky: LeakySet) -> None:
    leaky.edit(
        leaky.page(SMALL), lambda html: re.sub("(<desc[^>]*>)", r"\1征集新兵数2018年2名、2021年[隐]；", html, count=1)
    )
    assert about(leaky, "small", f"{SMALL} 2018年“征集新兵人数”为 2")


def test_a_sentence_on_a_protected_matter_that_no_pattern_reads_is_found(leaky: LeakySet) -> None:
    leaky.say(SMALL, "情况说明", "其中退兵1名，回访3次。")
    (found,) = leaky.checked().leaks
    assert (found.kind, leaky.checked().exit_code) == ("unread", ExitCode.DATA_REFUSED)
    assert "退兵1名" in found.follows


def test_a_column_on_a_protected_matter_under_an_unknown_head_is_found(leaky: LeakySet) -> None:
    head, row = "<tr><th>单位</th><th>退兵（名）</th></tr>", "<tr><td>白鹭滩镇</td><td>1</td></tr>"
    table = f"<table><thead>{head}</thead>{row}</table>"
    leaky.edit(leaky.page(COUNTY), lambda html: html.replace("</main>", f"{table}</main>"))
    assert leaky.kinds() == {"unread"}


def test_a_told_state_that_gives_a_hidden_count_away_is_found(leaky: LeakySet) -> None:
    """Of two posts, openly shown, all are certified: so are two persons."""
    leaky.put(SMALL, INDICATORS, CERTIFIED, "判定", "√")
    assert about(leaky, "pinned", f"{SMALL} {YEAR}年“资格认证合格的专武干部数”只能是 2")


def test_a_sign_in_the_matrix_of_states_that_gives_a_hidden_count_away_is_found(leaky: LeakySet) -> None:
    leaky.put(COUNTY, STATES, "白鹭滩镇", "资格认证", "√")
    assert about(leaky, "pinned", f"{SMALL} {YEAR}年“资格认证合格的专武干部数”只能是 2")


def test_a_unit_named_among_those_that_missed_a_hidden_target_is_found(leaky: LeakySet) -> None:
    leaky.put(COUNTY, INDICATORS, CERTIFIED, "未达标单位", "白鹭滩镇")
    assert about(leaky, "small", f"{SMALL} {YEAR}年“资格认证合格的专武干部数”只能是 0 或 1")


def test_a_hidden_count_in_the_table_of_work_is_found(leaky: LeakySet) -> None:
    leaky.edit(leaky.page(SMALL), lambda html: html.replace("大学应届毕业生目测初检次数", "征集新兵人数"))
    assert about(leaky, "small", "“征集新兵人数”为 1，是应当隐去的小数")


def test_a_follow_up_of_hidden_recruits_that_readers_take_for_their_least_is_found(leaky: LeakySet) -> None:
    """In the other town with hidden recruits eight qualified and eight were followed up: eight enlisted, here two."""
    other = TOWNS[6]
    leaky.say(other, "情况说明", "体检政考双合格人数8人。")
    leaky.edit(leaky.page(other), lambda html: html.replace("结对帮扶户数", "新兵回访人数"))
    for head, text in (("本年", "8"), ("上年", "[隐]")):
        leaky.put(other, WORK, "新兵回访人数", head, text)
    assert about(leaky, "small", f"{SMALL} {YEAR}年“征集新兵人数”只能是 2")


def test_a_small_sum_among_the_countys_work_is_found(leaky: LeakySet) -> None:
    leaky.edit(leaky.page(COUNTY), lambda html: html.replace("辖区中小学数", "退兵人数"))
    leaky.put(COUNTY, WORK, "退兵人数", "本年", "1")
    assert about(leaky, "small", "8 个单位的“退兵人数”之和只能是 1")


def test_a_mark_of_a_hidden_figure_on_a_line_is_found(leaky: LeakySet) -> None:
    line = '<svg aria-hidden="true"><line x1="5.0" x2="115.0" stroke-width="0.5"/><circle cx="31.4" cy="7"/></svg>'
    leaky.put(SMALL, INDICATORS, PER_TEN_THOUSAND, "●本单位", line)
    assert [leak.place for leak in about(leaky, "drawn")] == [
        f"表2　{YEAR}年白鹭滩镇党管武装工作指标“{PER_TEN_THOUSAND}”"
    ]


def test_a_label_in_a_chart_that_its_words_do_not_say_is_found(leaky: LeakySet) -> None:
    leaky.edit(leaky.page(SMALL), lambda html: html.replace(">[隐]</text>", ">2名</text>", 1))
    (found,) = leaky.checked().leaks
    assert (found.kind, leaky.checked().exit_code) == ("unread", ExitCode.DATA_REFUSED)
    assert "2名" in found.follows


def test_a_small_rest_of_a_shown_whole_is_found(leaky: LeakySet) -> None:
    """Of eight recruits 75 % were college students, so that two were not; eight and six are no small counts."""
    leaky.put_in_csv(TOWNS[6], "REC-02", value="8")
    leaky.put_in_csv(TOWNS[6], "REC-03", value="75.0")
    assert about(leaky, "small", "“征集新兵人数”与“征集新兵中的大学生人数”之差只能是 2")


def test_a_small_sum_of_the_whole_county_is_found(leaky: LeakySet) -> None:
    """0.83 % of 121 recruits sent back is one."""
    leaky.put_in_csv(COUNTY, "REC-08", value="0.83")
    assert about(leaky, "small", "8 个单位的“退兵人数”之和只能是 1")


def test_a_county_figure_over_units_that_do_not_fit_is_not_proved(leaky: LeakySet) -> None:
    leaky.put_in_csv(COUNTY, "REC-02", units_answered="5")
    checked = leaky.checked()
    assert {leak.kind for leak in checked.leaks} == {"units"}
    assert checked.exit_code == ExitCode.DATA_REFUSED


def test_a_set_that_contradicts_itself_is_not_proved(leaky: LeakySet) -> None:
    leaky.put(TOWNS[0], INDICATORS, RECRUITS, "本年", "31")
    assert leaky.checked().exit_code == ExitCode.DATA_REFUSED


def test_another_years_set_beside_it_is_taken_together_with_it(leaky: LeakySet) -> None:
    """Last year's set shows what this year's hides of last year."""
    other = leaky.workspace / "reports/2020/meeting"
    write_set(other, season_page("2020", {"退兵人数": "1"}), edition="meeting", year=2020)
    assert "2020/meeting" in leaky.checked().beside
    assert about(leaky, "small", f"{SMALL} 2020年“退兵人数”为 1")


def test_a_corrected_count_in_an_earlier_set_is_no_contradiction(leaky: LeakySet) -> None:
    other = leaky.workspace / "reports/2020/meeting"
    write_set(other, season_page("2020", {"征集新兵人数": "25"}), edition="meeting", year=2020, unit=TOWNS[0])
    assert leaky.checked().leaks == ()


# The workbook.


@pytest.mark.parametrize(
    ("sheet", "head", "row", "follows"),
    [
        ("指标长表", "本年", ("REC-02",), f"{YEAR}年“征集新兵人数”为 2"),
        ("各镇宽表", "征集新兵", (), f"{YEAR}年“征集新兵人数”为 2"),
        ("五年", f"{YEAR}年", ("征集新兵数",), f"{YEAR}年“征集新兵人数”为 2"),
        ("五年", f"{YEAR - 3}年", ("征集新兵数",), f"{YEAR - 3}年“征集新兵人数”为 2"),
        ("分季", "本年", ("征集新兵人数", "春季"), f"{YEAR}年春季“征集新兵人数”为 2"),
    ],
)
def test_a_small_count_in_the_workbook_is_found(
    leaky: LeakySet, sheet: str, head: str, row: tuple[str, ...], follows: str
) -> None:
    leaky.put_in_workbook(sheet, SMALL, head, "2", *row)
    assert [leak.file for leak in about(leaky, "small", f"{SMALL} {follows}")] == [leaky.workbook.name]


def test_a_share_in_the_workbook_that_gives_a_hidden_count_away_is_found(leaky: LeakySet) -> None:
    """Of two posts, openly shown, half are certified: one person is."""
    leaky.put_in_workbook("各镇宽表", SMALL, "资格认证", "50.0")
    assert about(leaky, "small", f"{SMALL} {YEAR}年“资格认证合格的专武干部数”只能是 1")


def test_further_digits_below_those_that_a_cell_shows_are_found(leaky: LeakySet) -> None:
    leaky.put_in_workbook("各镇宽表", TOWNS[0], "每万人征", "5.7612345")
    assert about(leaky, "precision", "5.7612345")


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/comments1.xml", "<comments><t>2</t></comments>"),
        ("docProps/custom.xml", "<Properties><v>2</v></Properties>"),
    ],
)
def test_a_part_of_the_workbook_that_none_of_ours_has_is_found(leaky: LeakySet, part: str, content: str) -> None:
    edit_part(leaky.workbook, part, lambda _: content)
    assert leaky.kinds() == {"elsewhere"}


@pytest.mark.parametrize(
    ("part", "before", "after", "kind"),
    [
        ("docProps/core.xml", "</dc:title>", "，退兵2名</dc:title>", "elsewhere"),
        ("xl/charts/chart1.xml", "</c:v>", "2</c:v>", "elsewhere"),
        ("xl/worksheets/sheet1.xml", "<oddFooter>", "<oddFooter>2", "elsewhere"),
        ("xl/worksheets/sheet1.xml", "<oddFooter>", "<oddFooter>退兵2名", "elsewhere"),
        ("xl/sharedStrings.xml", "<t>附件6</t>", "<t>白鹭滩镇退兵2名</t>", "unread"),
    ],
)
@pytest.mark.filterwarnings("ignore:Cannot parse header or footer")
def test_what_stands_beside_the_tables_of_the_workbook_is_read(
    leaky: LeakySet, part: str, before: str, after: str, kind: str
) -> None:
    edit_part(leaky.workbook, part, lambda xml: xml.replace(before, after, 1))
    assert leaky.kinds() == {kind}


def test_a_row_of_nobody_in_the_workbook_is_not_proved(leaky: LeakySet) -> None:
    leaky.put_in_workbook("分季", SMALL, "单位代码", "1", "征集新兵人数", "春季")
    assert leaky.kinds() == {"unread"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no workbook"])
def test_a_workbook_that_cannot_be_opened_is_a_finding_by_name(leaky: LeakySet, content: bytes) -> None:
    leaky.workbook.unlink()
    name = "附件6-汇总数据-会议本.xlsx"
    (leaky.folder / name).write_bytes(content)
    checked = leaky.checked()
    assert {(leak.kind, leak.file) for leak in checked.leaks} == {("damaged", name)}
    assert checked.exit_code == ExitCode.DATA_REFUSED


# The command.


def test_the_command_says_what_leaks_and_ends_with_three(leaky: LeakySet, capsys: pytest.CaptureFixture[str]) -> None:
    leaky.put(SMALL, INDICATORS, RECRUITS, "本年", "2")
    arguments = ["verify", "--workspace", str(leaky.workspace), "--disclosure"]
    assert main(arguments) == ExitCode.RUN_FAILED
    said = capsys.readouterr().out
    assert "[可推出小数]" in said
    assert leaky.page(SMALL).name in said
    assert "处理办法" in said


def test_the_command_for_machines_lists_every_finding(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--workspace", str(published), "--disclosure", "--json"]) == ExitCode.COMPLETE
    said = json.loads(capsys.readouterr().out)
    assert said["disclosure"]["leaks"] == []
    assert said["disclosure"]["hidden_counts"] > 70


def test_the_full_edition_is_not_for_anybody(leaky: LeakySet) -> None:
    change_manifest(leaky, edition="full")
    with pytest.raises(ParamsError, match="全本"):
        leaky.checked()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"year": 2021}', '{"edition": "x", "documents": []}'])
def test_a_folder_without_a_manifest_that_can_be_read_is_refused(leaky: LeakySet, content: str) -> None:
    (leaky.folder / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ParamsError, match=r"manifest\.json"):
        leaky.checked()


def test_a_record_that_cannot_be_read_is_refused_by_name(leaky: LeakySet) -> None:
    path = leaky.workspace / "data/issued/2021-meeting-01.json"
    path.parent.mkdir()
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ParamsError, match=r"2021-meeting-01\.json"):
        leaky.checked()


def test_the_check_imports_nothing_of_the_rule_that_hides() -> None:
    hiding = {"suppression", "protection", "published", "released", "guarded", "issued", "recording"}
    for path in sorted((SOURCE / "disclosure_check").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("stats"):
                parts = {*(node.module or "").split("."), *(alias.name for alias in node.names)}
                assert "disclosure" not in parts or not parts & hiding, f"{path.name}:{node.lineno}"
                assert node.module != "stats.disclosure", f"{path.name}:{node.lineno}"


# Small sets made by hand.


def change_manifest(leaky: LeakySet, **changes: object) -> None:
    path = leaky.folder / "manifest.json"
    told = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**told, **changes}), encoding="utf-8")


def bare_set(workspace: Path, page: str, *, edition: str) -> LeakySet:
    """A set of one town's document."""
    made = LeakySet(workspace, edition)
    write_set(made.folder, page, edition=edition)
    return made


def write_set(folder: Path, page: str, *, edition: str, year: int = YEAR, unit: str = SMALL) -> None:
    folder.mkdir(parents=True)
    name = f"附件3-01-{unit}-镇"
    (folder / f"{name}.html").write_text(page, encoding="utf-8")
    entry = {"name": name, "number": "附件3-01", "unit_code": unit, "unit_name": "镇", "state": "complete"}
    told = {"county": {"code": COUNTY, "name": "县"}, "year": year, "edition": edition, "documents": [entry]}
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


def season_page(year: str, counts: dict[str, str]) -> str:
    rows = "".join(f"<tr><th>{name}</th><td>名</td><td>{text}</td></tr>" for name, text in counts.items())
    head = "<tr><th>项目</th><th>单位</th><th>本年</th></tr>"
    return f"<table><caption>{year}年征兵情况</caption><thead>{head}</thead>{rows}</table>"


def test_the_town_of_two_recruits_is_what_these_tests_say_it_is() -> None:
    assert funnel(1, all_enlist=True)["rec_both_passed"] == "1"
    assert sum(int(eight_towns().answers[CellKey(SMALL, YEAR, s, "rec_enlisted")]) for s in ("spring", "autumn")) == 2
