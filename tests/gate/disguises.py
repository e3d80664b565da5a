"""Where secrets stand, and how they are encoded there.

Enters: a secret. Leaves: texts that hold it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

CONTEXTS: dict[str, str] = {
    "assignment": 'x = "{}"\n',
    "shell": "X={}\n",
    "json": '{{"k": "{}", "n": 3}}',
    "call": 'client = connect("{}")',
    "output": "got {} from it",
    "header": "curl -H 'Authorization: Bearer {}' https://api.acme.io",
    "traceback": "ValueError: bad value {}!\n",
    "diff": "-  v: {}\n+  v: 2",
    "frame": "0  alice  {}  12\n",
    "markdown": "| a | `{}` |",
    "repr": "{{'a': '{}'}}",
    "printed literal": "a\\n{}\\nb",
    "alone": "{}",
}
"""Name -> a text with a place for the secret."""


def encoded(text: str) -> str:
    """Base64."""
    return base64.b64encode(text.encode()).decode()


def broken(text: str, size: int, between: str) -> str:
    """Pieces of a size, joined by something."""
    return between.join(text[at : at + size] for at in range(0, len(text), size))


DISGUISES: dict[str, Callable[[str], str]] = {
    "base64": encoded,
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "basic": lambda text: encoded("user:" + text),
    "inside base64": lambda text: encoded(json.dumps({"v": text, "u": "bob"})),
    "base64 in lines": lambda text: base64.encodebytes((f"{'some text before ' * 4}{text}").encode()).decode(),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "twice": lambda text: encoded(encoded(text)),
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "percent": lambda text: "".join(f"%{ord(sign):02X}" for sign in text),
    "percent of base64": lambda text: quote(encoded(text), safe=""),
    "url": lambda text: quote(text, safe=""),
    "json": lambda text: json.dumps(text)[1:-1],
    "escapes": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text),
    "python escapes": lambda text: "".join(f"\\x{ord(sign):02x}" for sign in text),
    "entities": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "no width": "\u200b".join,
    "full width": lambda text: "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text),
    "sum": lambda text: broken(text, 9, '" + "'),
    "side by side": lambda text: broken(text, 11, '" "'),
    "literals in lines": lambda text: broken(text, 13, '"\n    "'),
    "continued line": lambda text: broken(text, 15, "\\\n"),
    "in lines": lambda text: broken(text, 20, "\n    "),
}
"""Name -> encodes a text."""
