"""Secrets of every kind are found wherever they stand and however they are written."""

import random
from itertools import cycle

import pytest
from gate.disguises import CONTEXTS, DISGUISES
from gate.fakes import STUDIED, fake, fakes, left, password

from askance.gate import Gate
from askance.gate.formats import FORMS

EVERY_CONTEXT = [(kind, context) for kind, _ in fakes(0) for context in CONTEXTS]
PLAIN = "github openai_project anthropic slack stripe google_api npm sendgrid gitlab digitalocean aws_key_id".split()


def covered(kind, secret, text):
    """Redact a text, assert that nothing usable is left and that all of it comes back."""
    gate = Gate()
    redacted, report = gate.redact(text, "x")
    assert left(kind, secret, redacted) == []
    assert report
    assert gate.restore(redacted) == text
    assert gate.redact(redacted, "x") == (redacted, [])


def test_the_table_of_forms_has_the_kinds_that_rule_lists_document():
    """Each line gives a kind; a prefix is given once for a kind."""
    assert len({form.kind for form in FORMS}) > 200
    assert len({(form.kind, form.prefix, form.pattern.pattern) for form in FORMS}) == len(FORMS)


@pytest.mark.parametrize("kind", [kind for kind, _ in fakes(0)])
def test_no_kind_of_secret_leaves(kind):
    """In contexts that the seed takes by turns."""
    contexts = cycle(CONTEXTS.values())
    for seed in range(3):
        secret = fake(kind, seed)
        text = next(contexts).replace("{{", "{").replace("}}", "}")
        covered(kind, secret, text.replace("{}", secret))


@pytest.mark.full
@pytest.mark.parametrize("context", CONTEXTS)
def test_no_kind_of_secret_leaves_any_context(context):
    """All kinds in each context, of ten seeds."""
    for seed in range(100, 110):
        for kind, secret in fakes(seed):
            if not (kind == "gcp_service_account" and context == "json"):  # it is JSON itself
                covered(kind, secret, CONTEXTS[context].format(secret))


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_known_value_does_not_leave_encoded(disguise):
    """Random values, passwords with signs, values beyond ASCII: whole, and what is left of them is no part of the code."""
    rng = random.Random(7)
    values = [
        password(rng),
        password(rng),
        fake("aws_secret", 5),
        fake("database_url", 5),
        "hunter2-und-mehr",
        "Grüße&mehr<2>!",
    ]
    for value in values:
        if disguise == "base64 of UTF-16" and not value.isascii():
            continue
        written = DISGUISES[disguise](value)
        gate = Gate(lambda value=value: [("MY_KEY", value)])
        text = f'x = "{written}"\n'
        redacted, report = gate.redact(text, "x")
        assert {one.kind for one in report} == {"MY_KEY"}
        assert not [at for at in range(0, len(written) - 8, 3) if written[at : at + 8] in redacted]
        assert gate.restore(redacted) == text


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_key_in_a_known_form_does_not_leave_encoded(disguise):
    """Though nobody knows its value."""
    for kind in PLAIN:
        secret = fake(kind, 11)
        written = DISGUISES[disguise](secret)
        text = f'x = "{written}"\n'
        redacted, _ = Gate().redact(text, "x")
        parts = range(len(written) // 4, len(written) - 8, 3)
        assert not [at for at in parts if written[at : at + 8] in redacted], kind


@pytest.mark.parametrize("kind", [*STUDIED])
def test_a_key_that_is_cut_off_does_not_leave(kind):
    """Its first 70 % are a secret too."""
    secret = fake(kind, 3)
    if kind in (
        "jwt",
        "mailgun",
        "twilio",
        "aws_key_id",
        "aws_secret",
        "azure_storage",
        "telegram",
        "database_url",
        "discord",
    ):
        pytest.skip("what is left has no form of its own")
    cut = secret[: len(secret) * 7 // 10]
    redacted, _ = Gate().redact(f"output: {cut}", "x")
    assert left(kind, secret, redacted) == []


def test_parts_of_a_known_value_do_not_leave():
    """Its first twelve characters and more; and of a long one, parts from its middle and end, and the value backwards."""
    value = fake("aws_secret", 9)
    gate = Gate(lambda: [("MY_KEY", value)])
    for part in (value[:12], value[:25], value[10:], value[5:35], value[::-1]):
        assert part not in gate.redact(f"got '{part}'", "x")[0]
    assert gate.redact(value[:8], "x")[1] == []


@pytest.mark.parametrize("value", ["production", "12345678", "localhost", "postgres", "aaaaaaaa", "short"])
def test_what_is_everywhere_is_no_known_value(value):
    """Common words, numbers, and what is too short."""
    assert Gate(lambda: [("X", value)]).redact(f"it is {value} here", "x")[1] == []


def test_a_replaced_value_is_known_from_then_on():
    """With no name beside it, and encoded."""
    gate = Gate()
    secret = password(random.Random(3))
    assert secret not in gate.redact(f"password = '{secret}'", "x")[0]
    assert secret not in gate.redact(f"said {secret} aloud", "x")[0]
    assert DISGUISES["base64"](secret) not in gate.redact(f"said {DISGUISES['base64'](secret)}", "x")[0]


def test_a_private_key_goes_to_its_end():
    """Its first and last line too; cut off, in one line, in a diff; and code that only names the lines stays."""
    key = fake("pem", 1)
    for text in (
        key,
        key.replace("\n", "\\n"),
        "\n".join("+" + line for line in key.split("\n")),
        key[:500],
        f'"{key}",\n"b"',
    ):
        redacted, report = Gate().redact(text, "x")
        assert len(report) == 1
        assert left("pem", key, redacted) == []
        assert "BEGIN" not in redacted
    code = 'body = key.replace("-----BEGIN PRIVATE KEY-----", "").replace("-----END PRIVATE KEY-----", "")'
    assert Gate().redact(code, "x") == (code, [])
