"""The page ``docs/inputs.md``: what is read, from where, by which door, within which limits. Reads nothing itself."""

from __future__ import annotations

from stats.inputs.doors import DOORS, ISSUED, MB, NOTEBOOK, RETURNS, Door
from stats.inputs.opening import size_in_words
from stats.inputs.tables import LONGEST_CELL, MOST_LINES
from stats.params.plain_yaml import DEEPEST_NESTING, MOST_VALUES
from stats.returns.container import LARGEST_INFLATED, LARGEST_RATIO, MOST_MEMBERS
from stats.returns.grid import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from stats.returns.reader_process import Limits

_INSIDE = "软件包自带的文件"
_OF_THE_RUN = "上一次或本次运行自己写的文件"
_SYSTEM = "系统的文件"
# Every module that opens a file or lists a folder, and what. Files from people come through ``inputs/opening.py``.
OPENINGS = {
    "inputs/opening.py": "上表各项：先看大小和种类，再读，不等待",
    "build/bound_volume.py": f"{_OF_THE_RUN}（合订本及其记录）",
    "build/workspace/blank.py": f"{_INSIDE}（新工作目录的样本）；要新建的文件夹是否为空",
    "stats_cluster/document_maker.py": f"{_OF_THE_RUN}（运行记录）",
    "stats_cluster/handover.py": f"{_OF_THE_RUN}（集群送回的成品，按 SHA-256 核对）",
    "build/tables/findings_table.py": f"{_OF_THE_RUN}（findings.csv）",
    "build/state/folder.py": f"{_OF_THE_RUN}（成品文件夹里有哪些文件，按 SHA-256 核对）",
    "stats_cluster/fingerprint.py": f"{_INSIDE}（依赖包清单；程序自身，只算 SHA-256）",
    "build/state/input_watch.py": "输入文件夹里有哪些文件名",
    "build/state/ledger.py": f"{_OF_THE_RUN}（ledger.jsonl）",
    "build/state/lock.py": f"{_OF_THE_RUN}（lock.json）",
    "build/state/manifest.py": f"{_OF_THE_RUN}（manifest.json）",
    "build/processes/control_groups.py": f"{_SYSTEM}（内存和进程限额）",
    "build/state/older_layout.py": f"{_OF_THE_RUN}（旧版留下的文件，只移动）",
    "build/state/output_paths.py": f"{_OF_THE_RUN}（中断留下的临时文件）",
    "build/processes/scratch_dir.py": f"{_OF_THE_RUN}（临时文件夹）",
    "build/processes/process_limits.py": f"{_SYSTEM}（进程限额）",
    "build/documents/produce.py": f"{_OF_THE_RUN}（成品，只写）",
    "build/processes/worker_main.py": f"{_OF_THE_RUN}（运行记录，只写）；本用户的 matplotlib 字体清单",
    "build/state/sources.py": f"{_INSIDE}、依赖包清单、字体：只算 SHA-256；输入文件夹里有哪些文件名",
    "build/workspace/trust.py": "用户自己的设置文件夹：认可过的笔记本（按内容）；上一次或本次运行自己写的文件",
    "build/state/side_outputs.py": _OF_THE_RUN,
    "build/state/last_run.py": _OF_THE_RUN,
    "catalogue/seasons.py": _INSIDE,
    "catalogue/variables.py": _INSIDE,
    "cells/streams.py": f"{_OF_THE_RUN}（单元格的输出，只写）",
    "cells/environment.py": f"{_SYSTEM}（标准输入、/proc）",
    "cli/streams.py": f"{_SYSTEM}（标准输入、标准输出、标准错误，关着的接到 /dev/null）",
    "disclosure_check/workbook.py": f"{_OF_THE_RUN}（附件6）",
    "disclosure_check/handed_out.py": f"{_OF_THE_RUN}（外发文件夹里有哪些文件；内容从同一道门读）",
    "disclosure_check/elsewhere.py": f"{_OF_THE_RUN}（外发文件夹里有哪些文件；内容从同一道门读）",
    "disclosure_check/strings.py": "内存中的成品（PDF、Word、电子表、笔记本里的文字）",
    "disclosure_check/texts.py": "报表、参数、成品：只算 SHA-256；成品的上一级有哪些文件",
    "disclosure/key.py": "params/disclosure.key：本县小数保护的密钥，只认普通文件，最多 1 KB；没有的，第一次运行时建立",
    "files.py": f"{_OF_THE_RUN}（文件夹，只为落盘）",
    "forms/archive.py": f"{_OF_THE_RUN}（内存中的空白报表）",
    "params/region.py": "多县工作目录 counties 下有哪些文件夹",
    "present/wording.py": _INSIDE,
    "publish/binding.py": f"{_OF_THE_RUN}（笔记本成品）",
    "publish/build_common_fonts.py": f"{_OF_THE_RUN}（笔记本成品）",
    "publish/docx.py": f"{_OF_THE_RUN}（Word 成品，发布前查是否完整）；{_INSIDE}（样式）",
    "publish/glyphs.py": f"{_INSIDE}（字体）",
    "publish/html.py": f"{_INSIDE}（样式）",
    "publish/webfonts.py": f"{_INSIDE}（字体）",
    "publish/xlsx.py": f"{_OF_THE_RUN}（电子表成品，发布前查是否完整）",
    "returns/reader_process.py": f"{_SYSTEM}（/proc、/dev/null）",
    "returns/container.py": "内存中的报表（压缩包内各部分）",
    "returns/cached_reader.py": f"{_INSIDE}（算程序的 SHA-256）；{_OF_THE_RUN}（read-cache 和密钥，按 HMAC 核对）",
    "returns/finding_texts.py": _INSIDE,
    "returns/text_normalisation.py": f"{_INSIDE}（繁体字和简体字）",
    "returns/workbook_copy.py": "内存中的报表（查看过的各部分另存的副本，不落盘）",
    "returns/xlsx_table.py": "内存中的报表（压缩包内各部分）",
    "texts/drawable.py": _INSIDE,
    "forking.py": f"{_SYSTEM}（/proc、/dev/null）",
}


def page() -> str:
    """The text of the page."""
    parts = [_HEAD, _table(("文件", "是什么", "格式", "最大", "其他限制"), map(_row, DOORS)), _RULES]
    return "\n\n".join([*parts, _IN_THE_CODE, _table(("模块", "读什么"), sorted(OPENINGS.items()))]) + "\n"


def _row(door: Door) -> tuple[str, ...]:
    return f"`{door.place}`", door.what, door.form, size_in_words(door.largest), _further(door)


def _further(door: Door) -> str:
    limits = Limits()
    if door == RETURNS:
        table = f"{MOST_ROWS // 10_000} 万行、{MOST_COLUMNS} 列、{MOST_CELLS // 10_000} 万格"
        archive = f"XLSX 展开后 {LARGEST_INFLATED // MB} MB、{LARGEST_RATIO} 倍、{MOST_MEMBERS} 个部分"
        clock = f"每份 {limits.cpu_seconds} 秒处理器时间、{limits.seconds:g} 秒"
        return f"{table}；{archive}；{clock}、{limits.memory // 2**30} GB 内存"
    if door == ISSUED:
        return "UTF-8；用本县密钥封存，改动、损坏、别县的都拒收（退出码 1）"
    if door == NOTEBOOK:
        return "只认规定的参数和标签"
    if door.form == "CSV":
        return f"{MOST_LINES // 10_000} 万行、每格 {LONGEST_CELL} 字"
    return f"{DEEPEST_NESTING} 层、{MOST_VALUES // 10_000} 万项；不许锚点、标签、重复的键"


def _table(head: tuple[str, ...], rows: object) -> str:
    lines = [head, tuple("---" for _ in head), *rows]  # type: ignore[misc]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


_HEAD = """\
<!-- Written by `make docs` from docs/inputs_page.py and src/stats; do not edit. -->

# 读哪些文件，各有什么限制

工作目录里由人放入的文件只有下面这些，都从同一道门进来（`src/stats/inputs`）："""

_RULES = "\n".join(
    (
        "- 先看大小和种类，再读：只读普通文件，管道、设备、文件夹一律拒收，不等待；报表还不许是链接。",
        "- 文字可以是 UTF-8（有无 BOM 均可）、GB18030（“ANSI”）、带 BOM 的 UTF-16；Big5、乱码、损坏的字节拒收。",
        "- 数只有一种写法（`62.5`）：不收 `1e3`、`1_0`、`1,000`、全角数字、百分号。报表里的数另按填表说明认读。",
        "- 不认识的键、列名、代码拒收，并说第几行、可能是哪个；"
        "没有人会读的文件（如 `params/targets/2021.xlsx`）也拒收，不默默跳过。",
        "- 姓名、电话、证件号、部队番号不论写在哪里都拒收，提示里不引原文。",
        "- 不能印出的字符（控制符、方向符、表情、字体没有的字）拒收；名册中某单位的名称有这类字符的，只停发该单位。",
        "- `params/` 中的错退出码为 1，`data/` 中的错退出码为 2；"
        "系统不给读（无权限、磁盘错、内存不足、读取程序被杀）退出码为 4，什么都不改。",
        "- 报表只有在两个进程里读出同样的毛病，才算毛病。",
        "- `papermill -p`、`-f` 给笔记本的参数由 papermill 自己读，进来后同样核对代码、年度、版本。",
    )
)

_IN_THE_CODE = """\
## 程序里打开文件的地方

逐个模块列出；新添的须先列在这里（`tests/test_inputs.py` 核对）。"""
