"""A workspace with one valid file of every kind that a county's people make by hand; tests change one of them."""

from __future__ import annotations

from pathlib import Path

from conftest import NEIGHBOUR, TOWN, as_csv, make_rows, make_workspace, put

YEAR = 2021
ROSTER = f"代码,名称,类型\n{TOWN[0]},{TOWN[1]},镇\n{NEIGHBOUR[0]},{NEIGHBOUR[1]},街道\n"
ENTRY = f"- unit: {TOWN[0]}\n  year: {YEAR}\n  role: 县人武部军事科\n  date: 2022-01-10\n"
# A valid file of each kind that a county's people make by hand.
FILES = {
    "params/county.yaml": f"county: {{code: 990118000000, name: 青禾县}}\nyear: {YEAR}\nunits: roster.csv\n",
    "params/roster.csv": ROSTER,
    f"params/units/{TOWN[0]}.yaml": "former_names: [老塘乡]\n",
    f"params/targets/{YEAR}.yaml": 'REC-05: {op: ">=", value: 90, basis: local, source: 县武委会}\n',
    f"data/corrections/{YEAR}.yaml": f'{ENTRY}  variable: bas_villages\n  old: "18"\n  new: "19"\n  reason: 漏填\n',
    f"data/explanations/{YEAR}.yaml": f"{ENTRY}  rule: V38\n  text: 上年含一次性经费\n",
    f"data/benchmarks/{YEAR}.csv": "指标,级别,名称,数值,来源\nREC-05,全市,岚江市,97.5,市武装工作通报\n",
}


def handmade(folder: Path) -> Path:
    """A workspace with a file of every kind and one return."""
    workspace = make_workspace(folder)
    for name, text in FILES.items():
        write(workspace, name, text)
    put(workspace, "双塘镇.csv", as_csv(make_rows()))
    return workspace


def write(workspace: Path, name: str, text: str, encoding: str = "utf-8") -> None:
    """Put a file there."""
    path = workspace / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
