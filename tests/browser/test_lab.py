"""What a user sees in JupyterLab and Notebook 7."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from notebook_page import (
    ask_text,
    cell,
    final,
    live,
    open_lab,
    open_notebook,
    ready,
    restart_kernel,
    run,
    save,
    show_sidebar,
    sidebar_items,
    write,
)
from scripted_server import Reply

SETUP = "%load_ext askance\nimport pandas as pd\nsales = pd.DataFrame({'region': ['n', 's'], 'revenue': [12.0, -3.5]})"
QUESTION = "%%ask\nWhy is revenue of @sales negative?"
LEDGER = "import json\nprint(json.dumps([(item.id, item.tokens, item.status) for item in _ask.ledger.items]))"
WORDS = ["Revenue ", "is ", "negative ", "because ", "of ", "**returns**. ", "Check ", "it:\n\n", "```python\n"]
CODE = ["sales", "[sales", ".revenue", " < 0]", "\n```\n", "That ", "lists ", "every ", "such ", "row."]
SLOW = Reply([step for word in WORDS + CODE for step in (word, 0.12)], usage=(321, 45, 300))


def test_an_answer_grows_and_the_sidebar_shows_the_same_ledger(page, lab, model_server):
    """The text gets longer while the cell runs; the sidebar's items are those of the answer's ledger."""
    model_server.say(SLOW)
    write(lab.folder, "grow.ipynb", [SETUP, QUESTION, LEDGER])
    open_lab(page, lab, "grow.ipynb")
    run(page, 0)
    page.evaluate("window.sizes = []")
    run(page, 1, wait=False)
    sizes = ask_text(page, 1)
    assert len(set(sizes)) >= 5
    assert sizes == sorted(sizes)
    final(page, 1).get_by_text("That lists every such row.").wait_for()
    assert final(page, 1).locator("strong", has_text="returns").count() == 1
    assert live(page, 1).count() == 0
    run(page, 2)
    truth = json.loads(cell(page, 2).locator(".jp-OutputArea-output").inner_text())
    show_sidebar(page)
    shown = sidebar_items(page)
    assert [item["id"] for item in shown] == [row[0] for row in truth]
    assert {item["id"]: item["status"] for item in shown} == {row[0]: row[2] for row in truth}
    assert "variables:sales" in [item["id"] for item in shown if item["status"] == "sent"]
    parts = page.locator(".askance-item[data-id='variables:sales'] .askance-score").get_attribute("title")
    assert "mention" in parts


def test_the_sidebar_says_what_was_told_before(page, lab, model_server):
    """A follow-up in a thread: the earlier turn, its tokens, and what it told already."""
    model_server.say(Reply(["Fine."]))
    write(
        lab.folder,
        "thread.ipynb",
        [SETUP, "%%ask -t sums\nWhy is @sales negative?", "%%ask -t sums\nAnd why is @sales small?"],
    )
    open_lab(page, lab, "thread.ipynb")
    for number in range(3):
        run(page, number)
    show_sidebar(page)
    page.locator(".askance-thread").get_by_text("with 1 earlier turn, ").wait_for()
    item = page.locator(".askance-item[data-id='variables:sales']")
    assert item.get_attribute("data-status") == "kept"
    assert item.locator(".askance-status").inner_text() == "told before"


def test_the_answer_survives_saving_reload_and_restart(page, lab, model_server):
    """It is in the file as inert Markdown and plain text, and on the page after both."""
    model_server.say(Reply(["It ", "stays. <img src=x onerror=window.PWNED=1>"]))
    path = write(lab.folder, "stay.ipynb", [SETUP, QUESTION])
    open_lab(page, lab, "stay.ipynb")
    run(page, 0)
    run(page, 1)
    final(page, 1).get_by_text("It stays.").wait_for()
    save(page)
    outputs = nbformat.read(path, as_version=4).cells[1].outputs
    assert [set(output.data) for output in outputs] == [{"text/markdown", "text/plain"}]
    assert outputs[0].metadata["askance"]["complete"] is True
    page.reload()
    final(page, 1).get_by_text("It stays.").wait_for()
    restart_kernel(page)
    page.reload()
    final(page, 1).get_by_text("It stays.").wait_for()
    assert page.evaluate("window.PWNED") is None
    assert page.get_by_text("model not found").count() == 0


def test_stop_ends_the_answer_and_the_next_cell_works(page, lab, model_server):
    """The widget's button: what came stays, the server sees the socket close, no error is shown."""
    model_server.say(Reply(["The first words. ", *([0.2, "more "] * 200)]))
    write(lab.folder, "stop.ipynb", [SETUP, QUESTION, "print(_ask.ended, 6 * 7)"])
    open_lab(page, lab, "stop.ipynb")
    run(page, 0)
    run(page, 1, wait=False)
    live(page, 1).get_by_text("The first words.").wait_for()
    live(page, 1).get_by_role("button", name="Stop").click()
    final(page, 1).get_by_text("The first words.").wait_for()
    assert final(page, 1).get_by_text("stopped").count() >= 1
    run(page, 2)
    cell(page, 2).get_by_text("stopped 42").wait_for()
    assert model_server.asked[-1].closed_early.wait(10)
    assert cell(page, 1).locator(".jp-RenderedText[data-mime-type*='stderr']").count() == 0


def test_two_notebooks_side_by_side_have_their_own_context(page, lab, model_server):
    """The sidebar follows the notebook in front, also one that is opened later."""
    model_server.say(Reply(["fine."]))
    write(lab.folder, "first.ipynb", ["%load_ext askance\napples = 1", "%ask what is @apples"])
    write(lab.folder, "second.ipynb", ["%load_ext askance\npears = 2", "%ask what is @pears"])
    open_lab(page, lab, "first.ipynb")
    run(page, 0)
    run(page, 1)
    show_sidebar(page)
    page.locator(".askance-item[data-id='variables:apples']").wait_for()
    open_notebook(page, "second.ipynb")
    run(page, 0)
    run(page, 1)
    page.locator(".askance-item[data-id='variables:pears']").wait_for()
    assert page.locator(".askance-item[data-id='variables:apples']").count() == 0
    page.locator(".lm-TabBar-tab", has_text="first.ipynb").first.click()
    page.locator(".askance-item[data-id='variables:apples']").wait_for()


def test_notebook_7_streams_too(page, lab, model_server):
    """The same widget, the same final output."""
    model_server.say(SLOW)
    write(lab.folder, "seven.ipynb", [SETUP, QUESTION])
    page.goto(lab.at("notebooks/seven.ipynb"))
    ready(page)
    run(page, 0)
    run(page, 1, wait=False)
    assert len(set(ask_text(page, 1))) >= 4
    final(page, 1).get_by_text("That lists every such row.").wait_for()


@pytest.mark.parametrize(
    "hostile",
    ["<img src=x onerror=window.PWNED=1>", "<script>window.PWNED=1</script>", "![x](http://127.0.0.1:9/x.png)"],
)
def test_what_a_model_writes_never_runs(page, lab, model_server, hostile):
    """Neither while it streams nor when it is done: no script, no image, no request."""
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    model_server.say(Reply(["Look: ", 0.3, *hostile, 0.3, " end of it."]))
    name = f"hostile{abs(hash(hostile))}.ipynb"
    write(lab.folder, name, [SETUP, QUESTION])
    open_lab(page, lab, name)
    run(page, 0)
    run(page, 1)
    final(page, 1).get_by_text("end of it.").wait_for()
    assert page.evaluate("window.PWNED") is None
    assert not [url for url in requests if "127.0.0.1:9/" in url]
    assert final(page, 1).locator("img, script").count() == 0
    Path(lab.folder, name).unlink()
