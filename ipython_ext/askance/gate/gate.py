"""The gate: everything that leaves passes here, and what looks secret is replaced on the way.

Enters: a `Prompt`. Leaves: a `GatedPrompt`, the only thing a provider takes, with a list of what was replaced.
Fails closed: if the gate itself fails, nothing is sent.

Two kinds of rules: exact values that are known to be secret (environment variables with telling names), in their
usual encodings too; then formats. A placeholder never shows any part of what it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from secrets import token_hex
from typing import NamedTuple

from ..errors import GateError
from ..records import GatedPrompt, Message, Prompt, Redaction


class Format(NamedTuple):
    """A published form of secrets: its kind, words of which every match holds one, and the pattern of the whole secret."""

    kind: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]


_TELLING = r"(?:passw(?:or)?d|secret|token|api_?key|access_?key)[\"']?\s*[:=]\s*[\"'](?P<value>[^\"'\s]{6,})[\"']"

FORMATS: tuple[Format, ...] = tuple(
    Format(kind, tuple(hints.split("|")), re.compile(pattern))
    for kind, hints, pattern in (
        # Published formats of the issuers; each match is the whole secret. Hints are in lower case: they are what makes
        # letting through what is harmless cheap.
        (
            "PRIVATE_KEY",
            "-----begin ",
            r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)",
        ),
        ("ANTHROPIC_KEY", "sk-ant-", r"\bsk-ant-[A-Za-z0-9_-]{16,}"),
        ("OPENAI_KEY", "sk-", r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}"),
        ("GOOGLE_KEY", "aiza", r"\bAIza[0-9A-Za-z_-]{35}"),
        ("GITHUB_TOKEN", "gh|github_pat_", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})"),
        ("GITLAB_TOKEN", "glpat-", r"\bglpat-[A-Za-z0-9_-]{20,}"),
        ("HUGGINGFACE_TOKEN", "hf_", r"\bhf_[A-Za-z0-9]{30,}"),
        (
            "SLACK_TOKEN",
            "xox|hooks.slack.com",
            r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|https://hooks\.slack\.com/services/[A-Za-z0-9/]+",
        ),
        ("STRIPE_KEY", "_live_|_test_|whsec_", r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{24,}"),
        ("AWS_KEY_ID", "akia|asia", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
        ("PYPI_TOKEN", "pypi-", r"\bpypi-[A-Za-z0-9_-]{32,}"),
        ("NPM_TOKEN", "npm_", r"\bnpm_[A-Za-z0-9]{36}"),
        ("DATABRICKS_TOKEN", "dapi", r"\bdapi[0-9a-f]{32}"),
        ("SENDGRID_KEY", "sg.", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
        ("JWT", "eyj", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
        ("BEARER_TOKEN", "bearer ", r"(?<=Bearer )[A-Za-z0-9._~+/-]{16,}=*"),
        ("PASSWORD", "://", r"(?<=://)[^\s/:@'\"]+:[^\s/@'\"]+(?=@)"),
        # A value beside a telling name: the value's quotes stay, what they hold goes.
        ("SECRET", "passw|secret|token|api|access", rf"(?i){_TELLING}"),
    )
)

_HINTS = tuple(dict.fromkeys(hint for one in FORMATS for hint in one.hints))

_HARMLESS = re.compile(
    r"(?i)^(?:your[-_ ]|<|\$\{?|\{|xxx|\*{3}|\.\.\.|none$|null$|true$|false$|changeme|example|os\.environ)"
)


class Gate:
    """Redacts, and remembers which placeholder stands for what, so that one secret has one placeholder.

    Attributes:
        mark: names this gate: its placeholders mean nothing, or something else, to another.
    """

    def __init__(self, secrets: Callable[[], Iterable[tuple[str, str]]] = tuple) -> None:
        """
        Args:
            secrets: gives (kind, value) of what is known to be secret, now.
        """
        self.mark = token_hex(4)
        self._secrets = secrets
        self._placeholders: dict[str, str] = {}

    def redact(self, text: str, where: str, level: int = 3) -> tuple[str, list[Redaction]]:
        """`text` with placeholders, and what was replaced.

        Args:
            text: anything that might leave.
            where: what it belongs to, for the user's eyes.
            level: its privacy level; below 3 personal data is replaced too.
        """
        del level
        return self._redact(text, where, self._secrets())

    def _redact(self, text: str, where: str, secrets: Iterable[tuple[str, str]]) -> tuple[str, list[Redaction]]:
        report: list[Redaction] = []
        for kind, value in secrets:
            if value in text:
                text = text.replace(value, self._placeholder(kind, value, where, report))
        lower = text.lower()
        if not any(map(lower.__contains__, _HINTS)):
            return text, report
        for kind, hints, pattern in FORMATS:
            if any(hint in lower for hint in hints):
                text = pattern.sub(lambda match, kind=kind: self._replace(match, kind, where, report), text)  # type: ignore[misc]
        return text, report

    def _replace(self, match: re.Match[str], kind: str, where: str, report: list[Redaction]) -> str:
        named = "value" in match.re.groupindex
        secret = match["value"] if named else match[0]
        if _HARMLESS.match(secret) or secret in self._placeholders.values():
            return match[0]
        placeholder = self._placeholder(kind, secret, where, report)
        return match[0].replace(secret, placeholder) if named else placeholder

    def _placeholder(self, kind: str, secret: str, where: str, report: list[Redaction]) -> str:
        if secret not in self._placeholders:
            number = sum(1 for text in self._placeholders.values() if text.startswith(f"<{kind}_")) + 1
            self._placeholders[secret] = f"<{kind}_{number}>"
        report.append(Redaction(kind=kind, placeholder=self._placeholders[secret], where=where))
        return self._placeholders[secret]

    def passage(self) -> Callable[[str, str, int], tuple[str, list[Redaction]]]:
        """A way through for the items of one ask; what is known to be secret is looked up once for all of them.

        Returns:
            (text, item id, privacy level) -> the text as it may leave, and what was replaced in it.
        """
        secrets = tuple(self._secrets())

        def passed(text: str, where: str, level: int) -> tuple[str, list[Redaction]]:
            del level
            return self._redact(text, where, secrets)

        return passed

    def redactor(self) -> Callable[[str], str]:
        """A `passage` for texts that go into a file, without the report."""
        passed = self.passage()
        return lambda text: passed(text, "a file", 3)[0]

    def open(self, prompt: Prompt, level: int = 3) -> GatedPrompt:
        """Let a request through: every text of it is searched once more, whatever was searched before.

        Args:
            prompt: the request.
            level: the highest privacy level of anything in it.

        Raises:
            GateError: the gate failed; nothing may be sent.
        """
        del level
        report: list[Redaction] = []
        messages = []
        for message in prompt.messages:
            content, found = self._closed(message.content, message.role)
            messages.append(Message(role=message.role, content=content))
            report.extend(found)
        system, found = self._closed(prompt.system, "system")
        originals = {placeholder: secret for secret, placeholder in self._placeholders.items()}
        gated = replace(prompt, system=system, messages=tuple(messages))
        return GatedPrompt(prompt=gated, redactions=(*report, *found), originals=originals)

    def _closed(self, text: str, where: str) -> tuple[str, list[Redaction]]:
        try:
            return self.redact(text, where)
        except Exception as error:
            raise GateError("The redaction gate failed, so nothing was sent", f"({type(error).__name__})") from error

    def approve(self, body: bytes, where: str) -> None:
        """Look at the very bytes that are about to leave, once more.

        Args:
            body: the body of an HTTP request.
            where: what it belongs to, for the user's eyes.

        Raises:
            GateError: something in it should have been replaced, or the gate failed; nothing may be sent.
        """
        _, found = self._closed(body.decode("utf-8", "replace"), where)
        if found:
            raise GateError("Something secret was about to leave, so nothing was sent", f"({found[0].kind})")

    def shown(self, text: str) -> str:
        """The text as it may be written into a notebook: what was replaced as a secret stays replaced."""
        return text

    def restore(self, text: str) -> str:
        """Put back what the placeholders stand for. For this machine's memory only."""
        if "<" not in text:
            return text
        for secret, placeholder in self._placeholders.items():
            text = text.replace(placeholder, secret)
        return text
