"""Answers as models write them: prose, lists, a table, code, math; always the same ones.

Enters: a number of tokens. Leaves: pieces of text of some four characters, as a model's tokens are.
"""

from __future__ import annotations

import itertools
import re

FIRST, LAST = "Zebra", "Omega"
"""The first and the last word of every answer; neither stands anywhere else in it."""

SECTION = """
## Step {n}: where revenue turns negative

The frame `sales` holds one row for each order, and **returns** are rows with a negative `units`. That is why the sum of
a month can fall below zero, although no price does. See [the guide](https://example.org/guide/{n}) for how such rows are
marked; it takes *one* look at the sign.

- Group by `region` first, as returns come in by region.
- Keep the months apart:
  1. those before the new price list,
  2. those after it.
- Compare with the number of orders, not with their value.

| region | orders | revenue |
|:-------|-------:|--------:|
| north  | {n}20  | -12.50  |
| south  | 98     | 1,204.00|

```python
import pandas as pd

def negative_months(sales: pd.DataFrame, since: str = "2026-0{d}-01") -> pd.DataFrame:
    \"\"\"The months whose revenue is below zero.\"\"\"
    recent = sales[sales["date"] >= since].copy()
    recent["month"] = recent["date"].dt.to_period("M")
    monthly = recent.groupby(["region", "month"], as_index=False)["revenue"].sum()
    for row in monthly.itertuples():
        if row.revenue < 0:
            print(f"{{row.region}} {{row.month}}: {{row.revenue:,.2f}}")
    return monthly[monthly["revenue"] < 0].sort_values("revenue")
```

With $r_i$ the revenue of order $i$, a month is negative when

$$
\\sum_{{i=1}}^{{n}} p_i \\cdot u_i < 0, \\qquad u_i \\in \\mathbb{{Z}}
$$

> So the sign of $u_i$ decides, never that of $p_i$.
"""

_TOKEN = re.compile(r"\s*\w{1,10}|\s*[^\w\s]{1,4}|\s+")


def tokens(count: int) -> list[str]:
    """So many pieces of one answer."""
    sections = (SECTION.format(n=n, d=n % 9 + 1) for n in itertools.count(1))
    pieces = (token for section in sections for token in _TOKEN.findall(section))
    said = [FIRST, *itertools.islice(pieces, count - 2)]
    text = "".join(said)
    closing = next((f"\n{mark}" for mark in ("```", "$$") if text.count(mark) % 2), "")
    return [*said, f"{closing}\n\n{LAST}"]


def prose(count: int) -> list[str]:
    """So many words of running text in sentences of twelve."""
    words = [f" word{n % 10}{'.' if n % 12 == 0 else ''}" for n in range(1, count - 1)]
    return [FIRST, *words, f" {LAST}"]
