"""`jupyter nbconvert --to appendix_html|appendix_pdf` as its users call it: each option works or is refused by name."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.nbconvertapp import NbConvertApp
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from traitlets.config import Config

from make_workspace import FINE, LEAVING, SHOW_COVER, SHOW_END, make_notebook
from publish_samples import COVER, block_cell, notebook
from saved_elsewhere import HARMLESS, OTHER_LANGUAGES
from stats import publish
from stats.errors import ParamsError, PublishError
from stats.present.blocks import MIME, Paragraph
from stats.publish.exporters import AppendixHTMLExporter

OLD = {"kind": "paragraph", "text": "旧的输出。"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to convert in, and no settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    return tmp_path


def write(folder: Path, *sources: str, old: Any = OLD) -> NotebookNode:
    """A notebook with the outputs of an earlier run."""
    node = make_notebook(SHOW_COVER, *sources, SHOW_END)
    for cell in node.cells[1:]:
        cell.outputs = [new_output("display_data", {MIME: old})]
    nbformat.write(node, folder / "t.ipynb")
    return node


def convert(*options: str, to: str = "appendix_html") -> int:
    """The exit code of the command."""
    app = NbConvertApp.instance()
    try:
        app.initialize(["t.ipynb", "--to", to, *options])
        app.start()
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        NbConvertApp.clear_instance()
    return 0


def test_execute_runs_the_notebook_and_publishes_what_ran(folder: Path) -> None:
    write(folder)
    assert convert("--execute") == 0
    page = (folder / "t.html").read_text("utf-8")
    assert FINE in page
    assert "旧的输出" not in page


def test_execute_takes_nothing_of_a_cell_that_does_not_run(folder: Path) -> None:
    write(folder, "")
    assert convert("--execute") == 0
    assert "旧的输出" not in (folder / "t.html").read_text("utf-8")


def test_execute_makes_a_notebook_whole_that_papermill_left_half_run(folder: Path) -> None:
    node = write(folder)
    node.metadata["papermill"] = {"exception": True}
    nbformat.write(node, folder / "t.ipynb")
    assert convert("--execute", to="appendix_pdf") == 0
    assert (folder / "t.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("change", ["VS Code", "conda", "nbstripout"])
def test_execute_runs_a_notebook_of_any_kernel_name(folder: Path, change: str) -> None:
    node = write(folder)
    HARMLESS[change](node)
    nbformat.write(node, folder / "t.ipynb")
    assert convert("--execute") == 0


@pytest.mark.parametrize("metadata", OTHER_LANGUAGES.values(), ids=OTHER_LANGUAGES)
def test_execute_refuses_another_language(folder: Path, metadata: Any) -> None:
    node = write(folder)
    node.metadata = nbformat.from_dict(metadata)
    exporter = AppendixHTMLExporter(config=Config({"ExecutePreprocessor": {"enabled": True}}))
    with pytest.raises(ParamsError, match=r"笔记本 Notebook\.ipynb"):
        exporter.from_notebook_node(node)


def refused(capsys: pytest.CaptureFixture[str], *options: str, to: str = "appendix_html") -> str:
    """The one line that a refused command says beside what nbconvert and the kernel say by themselves."""
    assert convert(*options, to=to) == 1
    others = ("Converting", "IPKernel", "Kernel died while waiting", "Timeout waiting for")
    told = [line for line in capsys.readouterr().err.splitlines() if not any(other in line for other in others)]
    assert len(told) == 1, told
    assert not [path for path in Path().iterdir() if path.suffix in (".html", ".pdf")]
    return told[0]


@pytest.mark.parametrize(
    ("option", "name"),
    [
        ("--ClearOutputPreprocessor.enabled=True", "ClearOutputPreprocessor"),
        ("--TagRemovePreprocessor.enabled=True", "TagRemovePreprocessor"),
        ("--TagRemovePreprocessor.remove_cell_tags=hide", "TagRemovePreprocessor"),
        ("--RegexRemovePreprocessor.patterns=数", "RegexRemovePreprocessor"),
        ("--RegexRemovePreprocessor.enabled=True", "RegexRemovePreprocessor"),
        ("--CoalesceStreamsPreprocessor.enabled=True", "CoalesceStreamsPreprocessor"),
        ("--ExtractOutputPreprocessor.enabled=True", "ExtractOutputPreprocessor"),
        ("--ClearMetadataPreprocessor.enabled=True", "ClearMetadataPreprocessor"),
        ("--HighlightMagicsPreprocessor.enabled=True", "HighlightMagicsPreprocessor"),
        ("--SVG2PDFPreprocessor.enabled=True", "SVG2PDFPreprocessor"),
        ("--Exporter.preprocessors=nbconvert.preprocessors.LatexPreprocessor", "LatexPreprocessor"),
    ],
)
@pytest.mark.parametrize("to", ["appendix_html", "appendix_pdf"])
def test_another_preprocessor_is_refused_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], option: str, name: str, to: str
) -> None:
    write(folder)
    assert f"统计附件不经过 {name}" in refused(capsys, option, to=to)


def test_another_preprocessor_of_a_settings_file_is_refused_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder)
    (folder / "config").mkdir()
    (folder / "config/jupyter_nbconvert_config.py").write_text("c.ClearOutputPreprocessor.enabled = True\n")
    line = refused(capsys)
    assert "统计附件不经过 ClearOutputPreprocessor" in line
    assert convert("--ClearOutputPreprocessor.enabled=False", "--execute") == 0


@pytest.mark.parametrize("preprocessor", [lambda node, resources: (node, resources), "a class"])
def test_a_preprocessor_of_ones_own_is_refused(preprocessor: Any) -> None:
    class Own:
        def __call__(self, node: NotebookNode, resources: Any) -> Any:
            return node, resources

    chosen = Own if preprocessor == "a class" else preprocessor
    exporter = AppendixHTMLExporter(config=Config({"Exporter": {"preprocessors": [chosen]}}))
    with pytest.raises(PublishError, match=r"统计附件不经过 (Own|<lambda>)"):
        exporter.from_notebook_node(notebook(Paragraph("甲。")))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", "第 3 个单元格运行出错（ZeroDivisionError）：division by zero；"),
        (
            "from stats.errors import ParamsError\nraise ParamsError('没有这个单位', '请核对代码')",
            "第 3 个单元格运行出错（ParamsError）：没有这个单位；请核对代码",
        ),
        ("raise ValueError", "第 3 个单元格运行出错（ValueError）：没有说明；"),
        ("import os; os._exit(1)", "笔记本没有运行完：Kernel died"),
        ("print('x')", "第 3 个单元格打印了 1 行文字"),
    ],
)
def test_a_notebook_that_does_not_run_to_its_end_is_refused_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], source: str, said: str
) -> None:
    write(folder, source)
    assert said in refused(capsys, "--execute")


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--ExecutePreprocessor.skip_cells_with_tag=later", "第 3 个单元格没有运行"),
        ("--ExecutePreprocessor.kernel_name=none-such", "笔记本一律由本工具的 Python 3 运行"),
        ("--ExecutePreprocessor.timeout=1", "第 3 个单元格运行出错（KeyboardInterrupt）"),
        ("--Exporter.default_preprocessors=nbconvert.preprocessors.LatexPreprocessor", "--execute 不起作用"),
    ],
)
def test_an_option_of_the_run_that_leaves_a_part_out_is_refused_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], option: str, said: str
) -> None:
    node = write(folder, "import time; time.sleep(3)")
    node.cells[2].metadata["tags"] = ["later"]
    nbformat.write(node, folder / "t.ipynb")
    assert said in refused(capsys, "--execute", option)


def test_an_error_that_is_allowed_is_refused_nevertheless(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "1 / 0")
    assert "第 3 个单元格运行出错（ZeroDivisionError）" in refused(capsys, "--execute", "--allow-errors")


def test_what_is_refused_reaches_a_caller_that_is_no_command() -> None:
    with pytest.raises(PublishError, match="没有运行到最后一个单元格"):
        AppendixHTMLExporter().from_notebook_node(notebook(Paragraph("甲。"), end=False))


@pytest.mark.parametrize(("to", "begins"), [("appendix_html", b"<!DOCTYPE html>"), ("appendix_pdf", b"%PDF-")])
def test_standard_output_gets_the_bytes_of_the_document(
    folder: Path, monkeypatch: pytest.MonkeyPatch, to: str, begins: bytes
) -> None:
    write(folder)
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    assert convert("--execute", "--stdout", to=to) == 0
    out.flush()
    assert out.buffer.getvalue().startswith(begins)
    assert list(folder.glob("t.*")) == [folder / "t.ipynb"]


@pytest.mark.parametrize(
    ("option", "said"),
    [("--template=lab", "模板的选项对统计附件不起作用：template_name"), ("--no-input", ""), ("--no-prompt", "")],
)
def test_an_option_of_templates_that_has_no_effect_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], option: str, said: str
) -> None:
    write(folder)
    assert convert(option, "--execute") == 0
    told = capsys.readouterr().err
    assert said in told
    assert ("模板的选项" in told) == bool(said)


def test_what_is_left_out_above_the_cover_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    node = write(folder)
    node.cells.insert(0, new_markdown_cell("编者：表中数为初步数。"))
    nbformat.write(node, folder / "t.ipynb")
    assert convert("--execute") == 0
    assert "封面之前有 1 段文字不印" in capsys.readouterr().err


# What the parameters ask for, and what is shown.


def shown(**given: Any) -> NotebookNode:
    """The notebook of a town as it was run, with these parameters in its cell now."""
    lines = [f"{name} = {value!r}" for name, value in given.items()]
    first = new_code_cell("\n".join(lines), metadata={"tags": ["parameters"]})
    node = notebook(Paragraph("甲。"), cover=None)
    node.cells[0:0] = [first, block_cell(COVER)]
    return node


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ({"unit": LEAVING}, "单位是 990118003000"),
        ({"unit": 990118003000}, "单位是 990118003000"),
        ({"year": 2020}, "年度是 2020"),
        ({"edition": "full"}, "版本是 full"),
        ({"unit": "清溪乡"}, "单位是 清溪乡"),
    ],
)
def test_a_parameter_changed_without_a_new_run_is_refused(given: dict[str, Any], label: str) -> None:
    with pytest.raises(PublishError, match=f"参数写的{label}.*改了参数没有重新运行"):
        publish.document(shown(**given))


@pytest.mark.parametrize(
    "given",
    [{"unit": "990118107000", "year": 2021, "edition": "meeting", "workspace": "/x"}, {"unit": 990118107000}, {},
     {"edition": ""}, {"unit": "清溪镇"}],
)  # fmt: skip
def test_parameters_of_what_is_shown_are_published(given: dict[str, Any]) -> None:
    assert publish.document(shown(**given)).blocks == (Paragraph("甲。"),)


def test_the_projects_own_notebooks_show_what_their_parameters_ask_for() -> None:
    for path in sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb")):
        node = nbformat.read(path, as_version=4)
        assert publish.document(node).cover.edition == "会议本"
        cell = next(cell for cell in node.cells if "parameters" in cell.metadata.get("tags", ()))
        cell.source = cell.source.replace('"meeting"', '"public"')
        with pytest.raises(PublishError, match="版本是 public"):
            publish.document(node)


def test_parameters_of_papermill_count_and_not_the_notebooks_own() -> None:
    node = shown(unit=LEAVING)
    injected = new_code_cell('# Parameters\nunit = "990118107000"\n', metadata={"tags": ["injected-parameters"]})
    node.cells.insert(1, injected)
    assert publish.document(node).blocks == (Paragraph("甲。"),)


def test_a_cell_that_is_never_run_is_refused_because_a_part_would_be_missing() -> None:
    node = notebook(Paragraph("甲。"))
    node.cells[1].metadata["tags"] = ["skip-execution"]
    with pytest.raises(PublishError, match="第 2 个单元格带有标签 skip-execution"):
        publish.document(node)


def test_the_commands_of_the_manual_make_a_page_and_a_pdf(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[1]
    manual = (root / "docs/手册.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```\n(papermill .*?)^```", manual, re.MULTILINE | re.DOTALL)
    for name in ("notebooks", "params", "data"):
        (tmp_path / name).symlink_to(root / name)
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for line in block.splitlines():
        subprocess.run(line.split(), cwd=tmp_path, env={**os.environ, "PATH": programs}, check=True, timeout=300)
    assert "990118100000" in (tmp_path / "out.html").read_text("utf-8")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")
