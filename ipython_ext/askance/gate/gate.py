"""The gate: everything that leaves passes here, and what is secret is replaced on the way.

Enters: a `Prompt`. Leaves: a `GatedPrompt`, the only thing a provider takes, with a list of what was replaced.
Fails closed: if the gate itself fails, or takes too long, nothing is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from secrets import token_hex
from typing import TypeVar

from ..errors import GateError
from ..records import GatedPrompt, Message, Prompt, Redaction
from . import bodies, look
from .known import SHORTEST, Known, telling
from .personal import SAMPLES
from .placeholders import PERSONAL as PERSONAL_KINDS
from .placeholders import Placeholders
from .scan import rescan, scan
from .spans import FORMAT, NAMED, Span, without

LARGEST = 4_000_000
"""Characters of one text: more is not looked at, and does not leave."""

SECONDS = 2.0
"""How long one text may take."""

ROUNDS = 4
"""How often a text is looked at again after something was replaced in it."""

LEARNED = 256
"""Values remembered because they were replaced once, besides those that are known from elsewhere."""

T = TypeVar("T")

Passage = Callable[[str, str, int], tuple[str, list[Redaction]]]
Secrets = tuple[tuple[str, str], ...]


class Gate:
    """Redacts, and remembers which placeholder stands for what, so that one secret has one placeholder.

    Attributes:
        mark: names this gate: its placeholders mean nothing, or something else, to another.
    """

    def __init__(
        self,
        secrets: Callable[[], Iterable[tuple[str, str]]] = tuple,
        *,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Args:
            secrets: gives (kind, value) of what is known to be secret, now.
            seconds: how long one text may take.
            clock: seconds, monotonic.
        """
        self.mark = token_hex(4)
        self._secrets = secrets
        self._seconds = seconds
        self._clock = clock
        self._placeholders = Placeholders()
        self._learned: dict[str, str] = {}
        self._prepared: tuple[Secrets, int, Known] = ((), 0, Known(()))

    def redact(self, text: str, where: str, level: int = SAMPLES) -> tuple[str, list[Redaction]]:
        """`text` with placeholders, and what was replaced.

        Args:
            text: anything that might leave.
            where: what it belongs to, for the user's eyes.
            level: its privacy level; below 3 addresses of mail and telephones are replaced too.

        Raises:
            GateError: the gate failed; the text must not leave.
        """
        return self.passage()(text, where, level)

    def passage(self) -> Passage:
        """A way through for the items of one ask; what is known to be secret is looked up once for all of them.

        Returns:
            (text, item id, privacy level) -> the text as it may leave, and what was replaced in it.
        """
        secrets = self._closed(lambda: tuple(self._secrets()))
        return lambda text, where, level: self._closed(lambda: self._redacted(text, where, level, secrets))

    def redactor(self) -> Callable[[str], str]:
        """A `passage` for texts that go into a file, without the report."""
        passed = self.passage()
        return lambda text: passed(text, "a file", SAMPLES)[0]

    def open(self, prompt: Prompt, level: int = SAMPLES) -> GatedPrompt:
        """Let a request through: every text of it is searched once more, whatever was searched before.

        Args:
            prompt: the request.
            level: the highest privacy level of anything in it.

        Raises:
            GateError: the gate failed; nothing may be sent.
        """
        report: list[Redaction] = []
        while True:  # what is found in one text may stand in another with no name beside it
            before = len(self._learned)
            prompt = self._searched(prompt, level, report)
            if len(self._learned) == before:
                return GatedPrompt(prompt=prompt, redactions=tuple(report), originals=self._placeholders.originals)

    def _searched(self, prompt: Prompt, level: int, report: list[Redaction]) -> Prompt:
        passed = self.passage()

        def search(text: str, where: str) -> str:
            content, found = passed(text, where, level)
            report.extend(found)
            return content

        messages = tuple(_message(message, search) for message in prompt.messages)
        tools = tuple(
            replace(tool, description=search(tool.description, "a tool"), schema=search(tool.schema, "a tool"))
            for tool in prompt.tools
        )
        return replace(prompt, system=search(prompt.system, "system"), messages=messages, tools=tools)

    def approve(self, body: bytes, where: str) -> None:
        """Look at the very bytes that are about to leave, once more.

        Args:
            body: the body of an HTTP request.
            where: what it belongs to, for the user's eyes.

        Raises:
            GateError: something in it should have been replaced, or the gate failed; nothing may be sent.
        """
        found = self._closed(lambda: self._first(body))
        if found is not None:
            raise GateError("Something secret was about to leave, so nothing was sent", f"({found} in {where})")

    def shown(self, text: str) -> str:
        """The text as it may be written into a notebook: personal data is put back, secrets stay replaced."""
        return self._placeholders.restored(text, PERSONAL_KINDS)

    def restore(self, text: str) -> str:
        """Put back what the placeholders stand for. For this machine's memory only."""
        return self._placeholders.restored(text)

    def _redacted(self, text: str, where: str, level: int, secrets: Secrets) -> tuple[str, list[Redaction]]:
        if len(text) > LARGEST:
            raise GateError(
                f"A text of {len(text):,} characters is too long to be searched for secrets", "Send less of it."
            )
        report: list[Redaction] = []
        in_time = self._deadline()
        known = self._known(secrets)
        spans = scan(text, known, level, in_time)
        for _ in range(ROUNDS):
            spans = without(spans, self._placeholders.seen(text))
            if not spans:
                break
            before = len(self._learned)
            text, near = self._replaced(text, spans, where, report)
            fresh = Known([(kind, value) for value, kind in list(self._learned.items())[before:]])
            spans = rescan(text, near, fresh, self._known(secrets), level, in_time)
        return text, report

    def _replaced(self, text: str, spans: list[Span], where: str, report: list[Redaction]) -> tuple[str, list[int]]:
        """The text with placeholders, and where they stand in it."""
        pieces: list[str] = []
        near: list[int] = []
        last, line, size = 0, 1, 0
        for span in spans:
            secret = text[span.start : span.end]
            placeholder = self._placeholders.of(span.kind, secret)
            line += text.count("\n", last, span.start)
            report.append(Redaction(kind=span.kind, placeholder=placeholder, where=where, line=line))
            line += secret.count("\n")
            pieces += (text[last : span.start], placeholder)
            near.append(size + span.start - last)
            size = near[-1] + len(placeholder)
            last = span.end
            self._learn(span, secret)
        return "".join((*pieces, text[last:])), near

    def _learn(self, span: Span, secret: str) -> None:
        """From now on it is known wherever it stands, with no name beside it and in any form."""
        if span.rank not in (FORMAT, NAMED) or len(self._learned) >= LEARNED or not SHORTEST <= len(secret) <= 512:
            return
        if telling(secret) and not look.named(secret) and not secret.isdigit():
            self._learned.setdefault(secret, span.kind)

    def _known(self, secrets: Secrets) -> Known:
        """The known values, prepared once for as long as they stay the same."""
        prepared = self._prepared
        if prepared[0] != secrets or prepared[1] != len(self._learned):
            learned = [(kind, value) for value, kind in list(self._learned.items())]
            prepared = self._prepared = (secrets, len(learned), Known((*learned, *secrets)))
        return prepared[2]

    def _first(self, body: bytes) -> str | None:
        """The kind and place of the first secret in a request; None if there is none."""
        known = self._known(tuple(self._secrets()))
        for document in bodies.documents(body):
            in_time = self._deadline()
            for place, words in bodies.texts(document):
                for span in without(scan(words, known, SAMPLES, in_time), self._placeholders.seen(words)):
                    return f"{span.kind} at {place or 'its start'}"
        return None

    def _deadline(self) -> Callable[[], None]:
        latest = self._clock() + self._seconds

        def in_time() -> None:
            if self._clock() > latest:
                raise TimeoutError("the search took too long")

        return in_time

    def _closed(self, do: Callable[[], T]) -> T:
        try:
            return do()
        except GateError:
            raise
        except Exception as error:
            raise GateError("The redaction gate failed, so nothing was sent", f"({type(error).__name__})") from error


def _message(message: Message, search: Callable[[str, str], str]) -> Message:
    content = search(message.content, message.role)
    calls = tuple(replace(call, arguments=search(call.arguments, "a call")) for call in message.calls)
    results = tuple(replace(result, text=search(result.text, "a tool's result")) for result in message.results)
    return replace(message, content=content, calls=calls, results=results)
