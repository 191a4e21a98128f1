"""Charts by seaborn: one short function a kind of chart, taking a tidy frame and giving a matplotlib Figure.

>>> import pandas as pd
>>> from stats import charts
>>> frame = pd.DataFrame({"panel": "征集新兵（名）", "year": [2020, 2021], "value": [12.0, 14.0], "text": ["12", "14"]})
>>> type(charts.multiples(frame)).__name__
'Figure'
"""

from stats.charts.dots import dots
from stats.charts.funnel import funnel
from stats.charts.multiples import multiples
from stats.charts.scatter import scatter
from stats.charts.sources import sources
from stats.charts.spark import spark
from stats.charts.style import svg

__all__ = ["dots", "funnel", "multiples", "scatter", "sources", "spark", "svg"]
