"""A county of a few towns with notebooks that need no library, for tests of the batch and of the command."""

from __future__ import annotations

from pathlib import Path

import nbformat

from stats import params as parameters
from stats.build.documents.reduced import digest
from stats.build.workspace.trust import memory
from stats.present.blocks import MIME

COUNTY = "990118000000"
FINE, BROKEN, LEAVING = "990118001000", "990118002000", "990118003000"
UNREPORTED, REFUSED = "990118101000", "990118102000"
NAMES = {FINE: "沐云街道", BROKEN: "望汀街道", LEAVING: "锦潮街道", UNREPORTED: "龙泓镇", REFUSED: "槐荫渡镇"}
YEAR = 2021

# The number and the title that the set gives the unit, from the roster of the workspace it runs in; the county is 0th.
SHOW_COVER = f"""\
import re
from pathlib import Path
from IPython.display import display
roster = Path("params/county.yaml")
codes = re.findall(r'code: "([0-9]+)"', roster.read_text(encoding="utf-8")) if roster.exists() else []
place = codes.index(str(unit)) if str(unit) in codes else 1
number, content = (f"附件3-{{place:02d}}", "统计附件") if place else ("附件2", "统计汇总和位次")
display({{"{MIME}": {{"kind": "cover", "attachment": number, "title": f"党管武装工作{{content}}",
         "lines": [["代码", str(unit)]],
         "unit": str(unit), "code": str(unit), "year": year, "edition": edition}}}}, raw=True)
display({{"{MIME}": {{"kind": "paragraph", "text": "党管武装。"}}}}, raw=True)"""
SHOW_END = f'display({{"{MIME}": {{"kind": "end"}}}}, raw=True)'
TOWN_PARAMETERS = f'unit = "{FINE}"\nyear = {YEAR}\nedition = "meeting"\nworkspace = ""'
COUNTY_PARAMETERS = f'year = {YEAR}\nedition = "meeting"\nworkspace = ""'


def make_notebook(*sources: str, parameters_cell: str = TOWN_PARAMETERS, tag: str = "") -> nbformat.NotebookNode:
    """A notebook of code cells behind its parameters cell; ``tag`` is put on the last one."""
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(sources)]
    first = nbformat.v4.new_code_cell(parameters_cell, id="parameters", metadata={"tags": ["parameters"]})
    if tag:
        cells[-1].metadata["tags"] = [tag]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=[first, *cells], metadata={"kernelspec": kernelspec})


def save(notebook: nbformat.NotebookNode, path: Path, *, confirmed: bool = True) -> None:
    """Put a notebook into a workspace's folder of notebooks and, unless told not to, confirm it as its user would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    if confirmed:
        memory(path.parents[1]).keep([(digest(notebook), path.name)])


def make_workspace(
    folder: Path, *, middle: str = "", codes: tuple[str, ...] = tuple(NAMES), confirmed: bool = True
) -> parameters.Params:
    """A county of a few towns with its own trivial notebooks; ``middle`` is the source of the town's middle cell."""
    (folder / "params").mkdir(parents=True)
    roster = "\n".join(f'  - {{code: "{code}", name: {NAMES[code]}, type: 镇}}' for code in codes)
    (folder / "params/county.yaml").write_text(
        f'county: {{code: "{COUNTY}", name: 云汀县}}\nyear: {YEAR}\ndocuments: [county, town, quality]\n'
        f"units:\n{roster}\n",
        encoding="utf-8",
    )
    save(make_notebook(SHOW_COVER, middle, SHOW_END), folder / "notebooks/town.ipynb", confirmed=confirmed)
    county_cover = SHOW_COVER.replace("str(unit)", f'"{COUNTY}"')
    about_county = make_notebook(county_cover, SHOW_END, parameters_cell=COUNTY_PARAMETERS)
    save(about_county, folder / "notebooks/county.ipynb", confirmed=confirmed)
    write_returns(folder, codes)
    return parameters.load(folder)


def write_returns(folder: Path, codes: tuple[str, ...]) -> None:
    """One row each for the year and its seasons; REFUSED has more college recruits than recruits."""
    lines = ["unit_code,unit_name,unit_type,stat_year,period,rec_enlisted,rec_enlisted_college"]
    for code in codes:
        if code != UNREPORTED:
            college = 9 if code == REFUSED else 4
            lines.append(f"{code},{NAMES[code]},镇,{YEAR},year,,")
            lines.append(f"{code},{NAMES[code]},镇,{YEAR},spring,0,0")
            lines.append(f"{code},{NAMES[code]},镇,{YEAR},autumn,5,{college}")
    (folder / f"data/returns/{YEAR}").mkdir(parents=True)
    (folder / f"data/returns/{YEAR}/全县.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
