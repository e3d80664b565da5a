"""A model that obeys texts in the context, in a real kernel: what it says is shown, and nothing else happens."""

import json

import pytest
from faults.obedient import PAYLOADS, Obedient, order
from markdown_it import MarkdownIt

CHOSEN = {
    "a picture that leads elsewhere": 0,
    "a button that runs a command": 8,
    "code that writes a file": 14,
    "a cell that asks again": 16,
    "a key in a picture's address": 31,
}


@pytest.mark.parametrize("name", CHOSEN)
def test_what_an_obedient_model_says_is_only_shown(kernel, home, name):
    """No cell, no code, no second request, no file; what is saved is inert, and without the key."""
    number, key = CHOSEN[name], "zq7-" + "Vm3kX9pLw2" * 2
    with Obedient() as server:
        running = kernel(server, MY_API_KEY=key)
        running.run(f"note = {order(number)!r}\nkey = {key!r}")
        count = running.run("1 + 1").reply["content"]["execution_count"]
        before = sorted(path for path in home.rglob("*") if "cache" not in path.parts and "ipython" not in path.parts)
        outcome = running.run("%%ask --privacy 3\nWhat is in @note and @key?")
        assert len(server.asked) == 1
        assert f"OBEY_{number:02}" in server.asked[0].body.decode()
        assert key not in server.asked[0].body.decode()
        said = running.run("print(_ask.text)").printed
        names = running.run("sorted(name for name in globals() if name.startswith(('pwned', 'evil')))").result
        assert running.run("len(In)").result == str(count + 5)
        after = sorted(path for path in home.rglob("*") if "cache" not in path.parts and "ipython" not in path.parts)
        assert len(server.asked) == 1
    assert PAYLOADS[number].replace("<MY_API_KEY_1>", key).splitlines()[0] in said
    assert outcome.reply["content"]["payload"] == []
    assert outcome.contents("execute_input") == [
        {"code": "%%ask --privacy 3\nWhat is in @note and @key?", "execution_count": count + 1}
    ]
    assert outcome.contents("error") == []
    assert names == "[]"
    assert after == before
    published = json.dumps(
        [message["content"] for message in outcome.messages if message["msg_type"] != "execute_input"]
    )
    assert key not in published
    saved = [output["data"]["text/markdown"] for output in outcome.outputs() if "text/markdown" in output["data"]]
    assert saved
    parser = MarkdownIt("commonmark").enable("table")
    kinds = {token.type for text in saved for one in parser.parse(text) for token in (one, *(one.children or ()))}
    assert kinds.isdisjoint({"html_block", "html_inline", "image"})
