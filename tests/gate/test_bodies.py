"""A body is looked at string by string, however it is packed."""

import json

import pytest

from askance.errors import GateError
from askance.gate import Gate
from askance.gate.bodies import documents, texts

SECRET = "tok-4fG7hK2mQ9xZ1bN8vC5jL3wR6"
BOUNDARY = "0123456789abcdef0123456789abcdef"


def form(content, name="rows.jsonl"):
    """As our HTTP libraries make one."""
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/jsonl'
    purpose = 'Content-Disposition: form-data; name="purpose"\r\n\r\nbatch'
    return f"--{BOUNDARY}\r\n{purpose}\r\n--{BOUNDARY}\r\n{head}\r\n\r\n{content}\r\n--{BOUNDARY}--\r\n".encode()


def strings(body):
    """All that is looked at."""
    return [words for document in documents(body) for _, words in texts(document)]


def test_a_file_in_a_form_is_read_line_by_line():
    """Each string of each line for itself, as it reads without JSON's escapes; and whatever else the form says."""
    lines = "\n".join(json.dumps({"id": n, "text": f"é\u2028 {n}"}) for n in range(3))
    found = strings(form(lines))
    assert [words for words in found if words.startswith("é")] == [f"é\u2028 {n}" for n in range(3)]
    assert "batch" in found
    assert any("rows.jsonl" in words for words in found)


@pytest.mark.parametrize(
    "body",
    [
        form(json.dumps({"a": "b"}) + "\n" + json.dumps({"a": f"x {SECRET}"})),
        form(json.dumps({"a": "b"}), name=SECRET),
        form(f"no JSON {SECRET}\n"),
        form(json.dumps({"a": "b"})).replace(b"batch", SECRET.encode()),
        form("{}") + SECRET.encode(),
        SECRET.encode() + form("{}"),
        f'{{"a": 1}}\n"{SECRET}"'.encode(),
        f'{{"a": 1}}\n[{json.dumps(SECRET)}]\n{{}}'.encode(),
        json.dumps({"a": ["b", {SECRET: 1}]}).encode(),
        b"--" + SECRET.encode() + b"\r\n",
    ],
)
def test_a_secret_is_seen_wherever_it_stands(body):
    """In a line, a name, a text, a field, before and behind the form, in a key: nothing leaves."""
    gate = Gate(lambda: [("TEST_KEY", SECRET)])
    with pytest.raises(GateError, match="TEST_KEY"):
        gate.approve(body, "here")


def test_what_has_several_lines_stays_whole():
    """A text that is no JSON is one text: a key may have several lines."""
    assert strings(b"-----BEGIN\nabc\n-----END") == ["-----BEGIN\nabc\n-----END"]
    assert strings(b'"a"\n"b"') == ['"a"\n"b"']


def test_a_large_body_has_time_for_each_of_its_requests():
    """What one text may take is not what a whole batch may take."""
    ticks = iter(range(10**6))
    gate = Gate(lambda: [("TEST_KEY", SECRET)], seconds=1000, clock=lambda: float(next(ticks)))
    row = json.dumps({"messages": [{"content": "a plain row of words. " * 20}]})
    gate.approve("\n".join([row] * 2000).encode(), "here")
    assert next(ticks) > 2000
