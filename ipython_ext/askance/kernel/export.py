"""`%ctx export [FOLDER]`: what left for the last ask, byte for byte, in files.

Enters: a session. Leaves: a folder with the body of each request, what was replaced in it, the ledger, and a page that
says where it went and when. None of them holds a secret: what left does not.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UsageError

if TYPE_CHECKING:
    from ..gate.outbox import Sent
    from ..records import Redaction
    from ..session import Session

FOLDER = "askance-sent"
"""Where it is written, unless another is named."""

HEADING = "What askance sent for one question."
_OURS = re.compile(r"request-\d+\.json|redactions\.json|ledger\.json|sent\.txt")


def export(session: Session, name: str = FOLDER) -> str:
    """Write what left for the last ask.

    Args:
        session: whose ask it was.
        name: of the folder.

    Returns:
        One line for the user.

    Raises:
        UsageError: nothing was asked, or the folder holds something else.
    """
    sent = session.sent
    if not sent:
        return f"Nothing left: {_why_nothing(session)}."
    folder = Path(name or FOLDER).expanduser()
    files = _files(sent)
    # What left has passed the gate already, and stays as it is; what is told about it passes it here.
    told = {name: session.outbox.redact(text).encode() for name, text in files.items()}
    bodies = {_request(number): one.departure.body for number, one in enumerate(sent, 1)}
    try:
        _write(folder, {**bodies, **told})
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror or error}", "Type: %ctx export NAME") from None
    count = f"{len(sent)} request{'' if len(sent) == 1 else 's'}"
    return f"{count}, {sum(map(len, bodies.values())):,} bytes as they left, written to {folder}."


def _why_nothing(session: Session) -> str:
    answer, last_id = session.last, session.outbox.last_id
    if not last_id:
        raise UsageError("Nothing was asked yet", "Type: %ask and a question")
    if answer is None or answer.id != last_id or not answer.cached:
        return "the last ask ended before anything was sent"
    from_cache = f"the cache ({answer.cached})"
    return f"the answer came from {'recorded answers' if answer.cached == 'pack' else from_cache}"


def _request(number: int) -> str:
    return f"request-{number}.json"


def _files(sent: Sequence[Sent]) -> dict[str, str]:
    redactions = [_redaction(one, sent) for one in dict.fromkeys(r for s in sent for r in s.asked.redactions)]
    return {
        "redactions.json": _json(redactions),
        "ledger.json": _json(sent[-1].asked.ledger.to_dict()),
        "sent.txt": "\n".join([HEADING, "", *(line for n, one in enumerate(sent, 1) for line in _page(n, one))]),
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _redaction(one: Redaction, sent: Sequence[Sent]) -> dict[str, Any]:
    """What was replaced, and the bytes at which its placeholder stands in each body."""
    sought = json.dumps(one.placeholder)[1:-1].encode()
    found = {
        _request(number): [match.start() for match in re.finditer(re.escape(sought), each.departure.body)]
        for number, each in enumerate(sent, 1)
    }
    return {"kind": one.kind, "placeholder": one.placeholder, "where": one.where, "line": one.line, "offsets": found}


def _page(number: int, one: Sent) -> list[str]:
    headers = ", ".join(f"{name}: {value}" if value else name for name, value in one.departure.headers.items())
    return [
        f"{_request(number)}: {one.departure.method} {one.departure.url}",
        f"  when     {datetime.fromtimestamp(one.time, UTC).isoformat(timespec='milliseconds')}",
        f"  model    {one.asked.model}",
        f"  bytes    {len(one.departure.body)}",
        f"  sha256   {one.departure.sha256}",
        f"  headers  {headers}",
        "",
    ]


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files into a folder of their own, for its owner's eyes; an earlier export makes room for them."""
    if folder.is_symlink() or (folder.exists() and not _is_earlier(folder)):
        raise UsageError(f"{folder} is there already, and holds something else", "Type: %ctx export NAME")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for old in folder.iterdir():
        old.unlink()
    for name, data in files.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)


def _is_earlier(folder: Path) -> bool:
    """Whether a folder holds an export and nothing else, or nothing at all."""
    if not folder.is_dir():
        return False
    names = {entry.name for entry in folder.iterdir()}
    page = folder / "sent.txt"
    ours = all(map(_OURS.fullmatch, names)) and page.is_file() and page.read_text("utf-8").startswith(HEADING)
    return not names or ours
