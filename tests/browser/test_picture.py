"""The picture in the README, made from the real thing.

ASKANCE_PICTURE=1 pytest tests/browser/test_picture.py      writes notebooks/images/streaming.png
"""

from __future__ import annotations

import os
from pathlib import Path

from notebook_page import cell, live, open_lab, run, show_sidebar, write
from scripted_server import Reply

PICTURE = Path(__file__).parents[2] / "notebooks" / "images" / "streaming.png"
SETUP = """import pandas as pd
%load_ext askance
%config Askance.model = "openai:scripted-model"
sales = pd.DataFrame({"region": ["north", "south", "east", "west"], "revenue": [1200.0, -350.0, 980.0, 1410.0]})
refunds = pd.Series([400.0, 120.0], index=["south", "east"], name="refund")"""
QUESTION = "%%ask\nWhy is revenue negative in the south? @sales"
ANSWER = """`sales` has **one negative row**: south, with a revenue of −350. `refunds` holds 400 for the south, so revenue is \
probably *net of refunds*.

```python
net = sales.set_index("region")["revenue"]
gross = net.add(refunds, fill_value=0)
gross[gross < 0]
```

If that comes back empty, refunds explain all of it."""


def test_the_readme_shows_what_a_user_sees(page, lab, model_server):
    """An answer in the middle of streaming, with the sidebar open."""
    words = [step for word in ANSWER.split(" ") for step in (word + " ", 0.05)]
    model_server.say(Reply([*words[:-24], 6.0, *words[-24:]]))
    write(lab.folder, "sales.ipynb", [SETUP, QUESTION])
    page.set_viewport_size({"width": 1360, "height": 760})
    open_lab(page, lab, "sales.ipynb")
    run(page, 0)
    show_sidebar(page)
    run(page, 1, wait=False)
    live(page, 1).locator("pre").wait_for()
    page.locator(".askance-item[data-id='variables:sales']").wait_for()
    page.wait_for_timeout(3000)
    assert live(page, 1).is_visible()
    target = PICTURE if os.environ.get("ASKANCE_PICTURE") else lab.folder / "picture.png"
    target.parent.mkdir(exist_ok=True)
    page.screenshot(path=target)
    assert target.stat().st_size > 20_000
    assert cell(page, 1).is_visible()
