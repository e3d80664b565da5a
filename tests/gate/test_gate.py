"""What looks secret does not leave; what does not, does."""

import ast
import base64
from pathlib import Path

import pytest

import askance
from askance.errors import GateError
from askance.gate import Gate, known_secrets
from askance.records import Message, Prompt

FAKE = "Zk3" + "q" * 29  # a value in no known format


def prompt(text: str) -> Prompt:
    return Prompt(model="m", system="s", messages=(Message(role="user", content=text),))


@pytest.mark.parametrize("form", [FAKE, base64.b64encode(FAKE.encode()).decode(), FAKE.encode().hex()])
def test_values_of_secret_looking_variables_do_not_leave(form):
    """Neither as they are nor encoded."""
    gate = Gate(lambda: known_secrets({"MY_API_KEY": FAKE, "HOME": "/home/somebody"}))
    gated = gate.open(prompt(f"x = '{form}' # /home/somebody"))
    sent = gated.prompt.messages[0].content
    assert form not in sent
    assert "/home/somebody" in sent
    assert [redaction.kind for redaction in gated.redactions] == ["MY_API_KEY"]


@pytest.mark.parametrize(
    ("kind", "secret"),
    [
        ("ANTHROPIC_KEY", "sk-ant-api03-" + "a1B2" * 10),
        ("OPENAI_KEY", "sk-proj-" + "a1B2" * 10),
        ("GITHUB_TOKEN", "ghp_" + "a1B2" * 9),
        ("AWS_KEY_ID", "AKIA" + "ABCD" * 4),
        ("GOOGLE_KEY", "AIza" + "a1B2c" * 7),
        ("JWT", "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl"),
        ("PRIVATE_KEY", "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----"),
        ("PASSWORD", "admin:hunter22hunter"),
    ],
)
def test_known_formats_do_not_leave(kind, secret):
    """Whatever stands around them, and no part of them is shown."""
    text = f"url = 'postgres://{secret}@db'" if kind == "PASSWORD" else f"x = '{secret}' # why?"
    gated = Gate().open(prompt(text))
    assert secret not in gated.prompt.messages[0].content
    assert secret[-6:] not in gated.prompt.messages[0].content
    assert [redaction.kind for redaction in gated.redactions] == [kind]


@pytest.mark.parametrize("text", ["password='hunter2hunter2'", '{"api_key": "abcdef12345"}', "token = 'a1b2c3d4e5'"])
def test_a_value_beside_a_telling_name_does_not_leave(text):
    """The name stays, the value goes."""
    gated = Gate().open(prompt(text))
    assert len(gated.redactions) == 1
    assert gated.prompt.messages[0].content != text


@pytest.mark.parametrize(
    "harmless",
    [
        "commit 3f786850e387550fdab836ed7e6dc881de23001b",
        "id 123e4567-e89b-12d3-a456-426614174000",
        "password = os.environ['PASSWORD']",
        "api_key = 'YOUR_API_KEY'",
        "token: str = None",
        "tokens = df['tokens'].sum()",
        "https://example.org/path?q=1",
    ],
)
def test_what_only_looks_alike_leaves_as_it_is(harmless):
    """Hashes, ids, placeholders and code are no secrets."""
    assert Gate().open(prompt(harmless)).prompt.messages[0].content == harmless


def test_one_secret_has_one_placeholder_and_comes_back():
    """The same in every request, and put back into the answer."""
    gate = Gate()
    secret = "ghp_" + "a1B2" * 9
    first = gate.open(prompt(secret)).prompt.messages[0].content
    assert gate.open(prompt(f"again {secret}")).prompt.messages[0].content == f"again {first}"
    assert gate.restore(f"use {first}") == f"use {secret}"


def test_a_failing_gate_sends_nothing():
    """It fails closed, with one line."""

    def broken():
        raise RuntimeError("boom")

    with pytest.raises(GateError, match="nothing was sent"):
        Gate(broken).open(prompt("hello"))


def test_only_the_gate_makes_what_a_provider_takes():
    """`GatedPrompt(...)` is called in gate.py and nowhere else in the package."""
    root = Path(askance.__file__).parent
    makers = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "GatedPrompt":
                makers.add(path.name)
    assert makers == {"gate.py"}


def test_a_password_in_an_address_does_not_leave_alone_either():
    """Whatever the variable is called."""
    gate = Gate(lambda: known_secrets({"ASKANCE_REDIS_URL": "rediss://team:korrekt-horse@cache.example:6380/0"}))
    assert gate.redact("the word is korrekt-horse", "x")[0] == "the word is <ASKANCE_REDIS_URL_PASSWORD_1>"
