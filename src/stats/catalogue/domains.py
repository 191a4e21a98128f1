"""The eight domains of a report, in the order they are printed."""

from __future__ import annotations

DOMAINS: dict[str, str] = {
    "SYS": "党管武装制度落实",
    "REC": "兵员征集",
    "MIL": "民兵组织与训练",
    "EMG": "应急与支援地方建设",
    "BLD": "基层规范化建设与专武干部",
    "EDU": "国防教育",
    "SUP": "双拥优抚",
    "FND": "经费保障",
}
