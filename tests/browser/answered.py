"""An answer with code and formulas, for tests of what can be done with it."""

from __future__ import annotations

import re

from notebook_page import final, open_lab, run, write
from scripted_server import Reply

SETUP = "%load_ext askance\nimport pandas as pd\ndf = pd.DataFrame({'revenue': [12.0, -3.5]})"
QUESTION = "%%ask\nWhy is revenue of @df negative?"
ANSWER = """Because of **returns**, as $e^{i\\pi} = -1$ shows.

```python
total = df["revenue"].sum()  # all of it
print("the sum is", total)
```

$$\\sum_{i=1}^n i = \\frac{n(n+1)}{2}$$

That is all."""
CODE = 'total = df["revenue"].sum()  # all of it\nprint("the sum is", total)'
WORDS = re.split(r"(?<= )", ANSWER)


def slowly(text: str, seconds: float = 0.03) -> Reply:
    """An answer word by word, with time to look at it."""
    return Reply([step for word in re.split(r"(?<=\s)", text) for step in (word, seconds)])


def ask(page, lab, name: str, *more: str) -> None:
    """A notebook whose second cell has been answered."""
    write(lab.folder, name, [SETUP, QUESTION, *more])
    open_lab(page, lab, name)
    run(page, 0)
    run(page, 1)
    final(page, 1).get_by_text("That is all.").wait_for()
