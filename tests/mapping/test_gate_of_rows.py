"""What leaves with a column: it passes the gate, it is in the ledger, and what must not leave does not."""

import json

import pandas as pd
import pytest
from mapping.rowserver import Fault, RowServer

from askance import settings as settings_
from askance.errors import UsageError
from askance.mapping.entry import map_column

SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
TEXTS = [f"row {number} is harmless" for number in range(6)]


def bodies(server) -> str:
    """All that the server got."""
    return "\n".join(json.dumps(seen.body, ensure_ascii=False) for seen in server.seen)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_secret_in_a_row_never_leaves_and_comes_back(sessions, tmp_path, provider):
    """The key stands as a placeholder in what is sent and kept, and as itself in the result."""
    values = [*TEXTS, f"use {SECRET} now", {"token": SECRET, "n": 1}, [SECRET]]
    with RowServer(answer=lambda value: value if isinstance(value, str) else json.dumps(value)) as server:
        session = sessions(server, provider)
        result = map_column(session, "Echo.", values, progress=False)
        again = map_column(session, "Echo.", values, progress=False)
    assert SECRET not in bodies(server)
    assert result[6] == again[6] == f"use {SECRET} now"
    assert json.loads(result[8]) == [SECRET]
    assert again.cached == len(values)
    session.loop.run(session.recall.cache.flush())
    kept = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert SECRET.encode() not in kept
    assert b"harmless" in kept


def test_another_kernel_asks_again_for_what_only_the_first_can_read(sessions):
    """An answer with a placeholder means nothing to another kernel: that row is asked for anew, the others are known."""
    with RowServer(answer=lambda value: value) as server:
        map_column(sessions(server), "Echo.", [*TEXTS, SECRET], progress=False)
        again = map_column(sessions(server), "Echo.", [*TEXTS, SECRET], progress=False)
    assert again == [*TEXTS, SECRET]
    assert again.cached == 6


@pytest.mark.parametrize(("privacy", "leaves"), [(None, True), (3, True), (2, False), (0, False)])
def test_personal_data_leaves_only_at_level_three(ask_map, privacy, leaves):
    """Below level 3 an address of mail is replaced in what is sent, and put back in the result."""
    with RowServer(answer=lambda value: f"re: {value}") as server:
        result = ask_map(server, "Echo.", ["write to ada.lovelace@gmail.com", "x"], privacy=privacy)
    assert ("ada.lovelace@gmail.com" in bodies(server)) == leaves
    assert result[0] == "re: write to ada.lovelace@gmail.com"


def test_an_unfinished_key_in_one_row_does_not_swallow_the_others(ask_map):
    """A private key's beginning hides all that follows it in a text: in its own row, and no further."""
    values = ["-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA" + "Ab3" * 40, *TEXTS]
    with RowServer(answer=lambda value: value) as server:
        result = ask_map(server, "Echo.", values)
    assert result == values
    assert "MIIEowIBAAKCAQEA" not in bodies(server)


@pytest.mark.parametrize(
    "settings", [{"never": ("salary",)}, {"never": ("variables:salary",)}, {"levels": (("salary", 1),)}]
)
def test_a_column_that_must_not_leave_is_refused_by_its_name(sessions, settings):
    """A Series whose name is set to never leave, or to tell no values: one line, and not a byte."""
    with RowServer() as server, pytest.raises(UsageError, match="salary"):
        map_column(sessions(server, **settings), "?", pd.Series([1, 2], name="salary"), progress=False)
    assert server.seen == []


def test_what_a_project_asks_for_counts_as_well(sessions, tmp_path):
    """pyproject.toml says never: the column stays, whoever cloned the project."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "pyproject.toml").write_text('[tool.askance]\nnever = ["salary"]\n')
    with RowServer() as server:
        found = settings_.load({}, tmp_path / "project")
        session = sessions(server, demanded=found.demanded)
        with pytest.raises(UsageError, match="salary"):
            map_column(session, "?", pd.Series([1, 2], name="salary"), progress=False)
    assert server.seen == []


def test_a_column_that_is_secret_by_its_name_is_refused(ask_map):
    """Passwords have no shape that a gate could see; without the name, the user has said that they are none."""
    with RowServer() as server:
        with pytest.raises(UsageError, match=r"list\(values\)"):
            ask_map(server, "?", pd.Series(["hunter2"], name="password"))
        assert server.seen == []
        assert ask_map(server, "?", ["hunter2"]) == ["<hunter2>"]


def test_what_left_is_in_the_ledger(sessions):
    """Each request of the job is in the outbox, with one item of the source "values" that says what it held."""
    with RowServer() as server:
        session = sessions(server)
        map_column(session, "Echo.", pd.Series([f"v{n}" for n in range(50)], name="words"), progress=False)
        sent = session.sent
        assert len(sent) == len(server.seen) == 3
        assert {json.dumps(json.loads(one.body), sort_keys=True) for one in sent} == {
            json.dumps(seen.body, sort_keys=True) for seen in server.seen
        }
    items = [item for one in sent for item in one.asked.ledger.sent]
    assert [item.id for item in items] == ["values:words"] * 3
    assert sorted(item.facts["rows"] for item in items) == [10, 20, 20]
    assert all(item.text and item.tokens > 0 for item in items)


def test_what_was_replaced_is_told(sessions):
    """The ledger names the placeholder and its kind, never the secret."""
    with RowServer() as server:
        session = sessions(server)
        map_column(session, "Echo.", [SECRET, "x"], progress=False)
        asked = session.sent[-1].asked
    assert [one.kind for one in asked.redactions] == ["GITHUB_TOKEN"]
    assert asked.ledger.items[0].status == "redacted"
    assert SECRET not in json.dumps(asked.ledger.to_dict())


def test_a_key_in_the_prompt_never_leaves(ask_map):
    """The prompt passes the gate as well."""
    with RowServer() as server:
        ask_map(server, f"Use {SECRET} to mark it.", TEXTS)
    assert SECRET not in bodies(server)


def test_a_servers_error_tells_no_value(ask_map):
    """An error that quotes the request is kept short, and without anything secret."""
    quoting = Fault(status=400, message=f"cannot read: {SECRET}")
    with RowServer(faults=lambda n, seen: quoting if any(v == "bad" for _, v in seen.rows) else None) as server:
        result = ask_map(server, "Echo.", [*TEXTS, "bad"])
    assert list(result.errors) == [6]
    assert len(result.errors[6]) < 300
