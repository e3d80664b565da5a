"""What holds for any text: nothing is lost, nothing is replaced twice, nothing that was let through is stopped, and no text
takes long.
"""

import json
import random
import sys
import threading

import pytest
from gate.fakes import fake, fakes, left, password
from hypothesis import given, settings
from hypothesis import strategies as st

from askance.errors import GateError
from askance.gate import Gate
from askance.gate.gate import LARGEST
from askance.gate.placeholders import PATTERN
from askance.records import Message, Prompt

SCRAPS = [
    'password = "', "'", '"', "\n", " ", "token: ", "api_key=", "\\n", "\\u0041", "%41", "://", "u:", "@", "hunter2x!", "+",
    "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "A1b2" * 12, "|", ",", "   ", "4111 1111 1111 1111", "=",
    "bob@acme.com", "\u200b", "ｐａｓｓ", "Bearer ", "eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "0x", "{", "}", "is ", "Zm9vYmFy", "ghp_",
]  # fmt: skip
pieces = st.lists(
    st.one_of(st.sampled_from(SCRAPS), st.text(max_size=8), st.sampled_from([secret for _, secret in fakes(4)])),
    max_size=14,
)
texts = pieces.map("".join).filter(lambda text: PATTERN.search(text) is None)
KNOWN = [("MY_KEY", "Zebra!42xyzzy99"), ("OTHER", "q8Lm2xx90q8Vb0Tr")]


@given(text=texts, level=st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_a_redacted_text_is_finished_and_comes_back(text, level):
    """Redacted again it stays as it is; two gates agree; restored it is the text."""
    gate, other = Gate(lambda: KNOWN), Gate(lambda: KNOWN)
    redacted, report = gate.redact(text, "x", level)
    assert gate.redact(redacted, "x", level) == (redacted, [])
    assert other.redact(text, "x", level)[0] == redacted
    assert gate.restore(redacted) == text
    assert {one.placeholder for one in report} >= {match[0] for match in PATTERN.finditer(redacted)}
    assert all(1 <= one.line <= text.count("\n") + 1 for one in report)


@given(question=texts, system=texts)
@settings(max_examples=80, deadline=None)
def test_what_was_let_through_is_approved(question, system):
    """As the bodies that both SDKs make of it; and a body made of the text itself is stopped if something was replaced."""
    gate = Gate(lambda: KNOWN)
    prompt = Prompt(model="m", system=system, messages=(Message(role="user", content=question),))
    gated = gate.open(prompt)
    messages = [{"role": one.role, "content": one.content} for one in gated.prompt.messages]
    chat = {"model": "m", "messages": [{"role": "system", "content": gated.prompt.system}, *messages], "stream": True}
    parts = {
        "model": "m",
        "system": [{"type": "text", "text": gated.prompt.system}],
        "messages": messages,
        "max_tokens": 4096,
    }
    for body in (chat, parts):
        gate.approve(json.dumps(body).encode(), "chat")
        gate.approve(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), "chat")
    if any(one.where == "user" for one in gated.redactions):
        with pytest.raises(GateError, match="nothing was sent"):
            gate.approve(json.dumps({"messages": [{"content": question}]}).encode(), "chat")


@pytest.mark.parametrize("kind", ["github", "jwt", "pem", "database_url"])
def test_a_secret_in_the_bytes_is_stopped(kind):
    """In a value, in a key, deep inside, in no JSON at all; the error has no part of it."""
    secret = fake(kind, 2)
    for body in ({"a": [{"b": f"x {secret}"}]}, {secret: 1}, {"metadata": {"user": secret}}):
        with pytest.raises(GateError) as caught:
            Gate().approve(json.dumps(body).encode(), "chat")
        assert left(kind, secret, str(caught.value)) == []
    with pytest.raises(GateError):
        Gate().approve(b"--form\r\n" + secret.encode(), "chat")


def test_numbers_that_a_conversation_has_are_given_to_nothing_else():
    """A placeholder of an earlier session keeps its number, wherever it stands."""
    gate = Gate()
    gate.redact("earlier you said <PASSWORD_1> and <PASSWORD_7>", "history")
    assert gate.redact("password = 'Zebra!42x'", "x")[0] == "password = '<PASSWORD_8>'"
    assert gate.restore("<PASSWORD_1>") == "<PASSWORD_1>"


def test_threads_share_the_numbers():
    """Eight threads, one secret each and one in common: nine placeholders, each for one secret."""
    gate, rng = Gate(), random.Random(1)
    own = [password(rng) for _ in range(8)]
    common = password(rng)
    started = threading.Barrier(8)

    def work(secret):
        started.wait()
        for _ in range(20):
            gate.redact(f"password='{secret}'\npassword='{common}'", "x")

    threads = [threading.Thread(target=work, args=(secret,)) for secret in own]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    redacted = gate.redact("\n".join(f"password='{secret}'" for secret in [*own, common]), "x")[0]
    assert sorted(match[0] for match in PATTERN.finditer(redacted)) == [
        f"<PASSWORD_{number}>" for number in range(1, 10)
    ]


def test_a_text_that_is_too_long_does_not_leave():
    """Nor one that takes too long to search."""
    with pytest.raises(GateError, match="too long"):
        Gate().redact("a" * (LARGEST + 1), "x")
    ticks = iter(range(1000))
    with pytest.raises(GateError, match="nothing was sent"):
        Gate(clock=lambda: float(next(ticks))).redact("hello", "x")


HARD = [
    "a", "0", "password=", 'password="', "password='x", '"', "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "eyJ", ".eyJ", "sk-",
    "://", "://a:b", "@", "a@a.", "\\", "\\u0041", "%41", "token ", "password  token\n", "|password|\n", "password,a\n",
    "4111 1111 1111 1111 ", "12345 ", "000-00-0000 ", "+1 234 ", "AA00", "a\u200b", "ａｂ", '"a"+', "deadbeef", "ghp_", "Zebra!42xyz",
    "Z", "Z e b r a ", "QUJD", "A1b2C3d4E5f6\n", "key", 'auth=("a","b")', "https://user:pw1234@host ", "<SECRET_1>", "a.b",
]  # fmt: skip


class Steps:
    """Counts the calls of Python functions: work that grows faster than the text shows there, on any machine."""

    def __init__(self):
        self.count = 0

    def __call__(self, _frame, event, _argument):
        self.count += event in ("call", "c_call")


def steps(text):
    """Calls that redacting a text takes, and seconds of the processor."""
    gate, counted = Gate(lambda: KNOWN, seconds=1e6), Steps()
    sys.setprofile(counted)
    try:
        gate.redact(text, "x", 0)
    finally:
        sys.setprofile(None)
    return counted.count


@pytest.mark.parametrize("scrap", HARD)
def test_twice_the_text_takes_no_more_than_twice_the_steps(scrap):
    """Of the texts that regular expressions and loops like least."""
    size = 6_000
    once, twice = (steps((scrap * size)[: size * times]) for times in (1, 2))
    assert twice <= 2.3 * once + 500
    assert twice <= 40 * 2 * size


@pytest.mark.full
@pytest.mark.parametrize("scrap", HARD)
def test_a_megabyte_of_it_is_searched_in_time(scrap):
    """The gate's own limit holds, in time of the processor, on a machine of this decade."""
    import time

    Gate(lambda: KNOWN, clock=time.process_time).redact((scrap * 1_000_000)[:1_000_000], "x", 0)
