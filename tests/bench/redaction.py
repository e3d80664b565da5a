"""The gate's search beside two scanners for secrets: what each finds, what each mistakes, how fast it reads.

All three see the same texts in one run: fake secrets of every kind in every context, lookalikes, and real text. A scanner
that is not installed is left out (`pip install detect-secrets kingfisher-bin`). Kingfisher runs without validation and so
without network; it and detect-secrets read files. A secret counts as covered if, with what was reported replaced, no six
characters in a row of what is random in it are left.
"""

from __future__ import annotations

import json
import random
import shutil
import string
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from figures import tell
from gate.disguises import CONTEXTS
from gate.fakes import fakes, left
from gate.lookalikes import lookalikes

from askance.gate import Gate

SEED = 6
SPEED_FROM = 20.0
"""MB/s promised."""

Finder = Callable[[Sequence[str]], list[list[str]]]
"""Texts -> for each, the values that are secret."""


def ours(texts: Sequence[str]) -> list[list[str]]:
    """What the gate replaces; each text by a gate of its own, as nothing of one helps with another here."""
    found = []
    for text in texts:
        gate = Gate()
        redactions = gate.redact(text, "bench")[1]
        found.append([gate.restore(one.placeholder) for one in redactions])
    return found


def detect_secrets(texts: Sequence[str]) -> list[list[str]]:
    """detect-secrets, its default plugins, on files."""
    from detect_secrets import SecretsCollection
    from detect_secrets.settings import default_settings

    found = []
    with tempfile.TemporaryDirectory() as folder, default_settings():
        for number, text in enumerate(texts):
            path = Path(folder, f"{number}.txt")
            path.write_text(text, "utf-8")
            secrets = SecretsCollection()
            secrets.scan_file(str(path))
            found.append([one.secret_value for _, one in secrets if one.secret_value])
    return found


def kingfisher(texts: Sequence[str]) -> list[list[str]]:
    """kingfisher, all its rules, least confidence, on a folder of files."""
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            Path(folder, f"{number}.txt").write_text(text, "utf-8")
        command = [_kingfisher(), "scan", folder, "--no-validate", "--no-update-check", "--format", "json"]
        command += ["--confidence", "low", "--git-history", "none", "--no-dedup"]
        printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return _by_file(printed, len(texts))


def _kingfisher() -> str:
    """The program: beside this Python's, or on the path."""
    return shutil.which("kingfisher", path=sysconfig.get_path("scripts")) or shutil.which("kingfisher") or ""


def _by_file(printed: str, count: int) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(count)]
    start = printed.find("{")
    report = json.JSONDecoder().raw_decode(printed[start:])[0] if start >= 0 else {}
    for entry in report.get("findings", []):
        finding = entry.get("finding", entry)
        found[int(Path(finding["path"]).stem)].append(finding["snippet"])
    return found


def placed() -> list[tuple[str, str, str]]:
    """(kind, secret, text): every kind in every context."""
    made = []
    for at, context in enumerate(CONTEXTS.values()):
        for kind, secret in fakes(SEED + at):
            made.append((kind, secret, context.format(secret)))
    return made


def covered(finder: Finder) -> float:
    """Share of the placements of which nothing usable is left."""
    placements = placed()
    count = 0
    for (kind, secret, text), values in zip(placements, finder([text for *_, text in placements]), strict=True):
        rest = text
        for value in sorted(values, key=len, reverse=True):
            rest = rest.replace(value, "<>")
        count += not left(kind, secret, rest)
    return count / len(placements)


def mistaken(finder: Finder) -> float:
    """Share of a thousand lookalikes in which something is reported."""
    texts = [text for _, text in lookalikes(SEED, 1000)]
    return sum(bool(values) for values in finder(texts)) / len(texts)


def real_text() -> dict[str, str]:
    """Python source, what a notebook holds, and prose, from the packages that are installed, about a megabyte of each."""
    site = Path(sysconfig.get_path("purelib"))
    prose = (*site.glob("*.dist-info/METADATA"), *site.glob("**/*.rst"))
    source = joined(sorted(site.glob("pandas/core/**/*.py")) or sorted(site.glob("**/*.py"))[:400])
    cells = [cell for path in notebooks() for cell in json.loads(path.read_text("utf-8"))["cells"]]
    pieces = ["".join(cell["source"]) for cell in cells]
    pieces += ["".join(output.get("text", "")) for cell in cells for output in cell.get("outputs", [])]
    book = "\n".join(pieces)
    return {
        "Python source": source,
        "notebooks": (book * (1_000_000 // max(1, len(book)) + 1))[:1_000_000],
        "prose": joined(sorted(prose)),
    }


def notebooks() -> list[Path]:
    """The repository's own."""
    return sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("**/*.ipynb"))


def joined(paths: Sequence[Path]) -> str:
    """Their texts, up to a megabyte."""
    text = ""
    for path in paths:
        text += path.read_text("utf-8", "replace")
        if len(text) > 1_000_000:
            break
    return text[:1_000_000]


def speed(text: str) -> float:
    """The gate's MB/s of processor time on a text, in parts of 100 kB, with 20 known values; the best of three."""
    rng = random.Random(SEED)
    known = [(f"KEY_{at}", "".join(rng.choices(string.ascii_letters + string.digits, k=32))) for at in range(20)]
    best = 0.0
    for _ in range(3):
        gate = Gate(lambda: known)
        started = time.process_time()
        for at in range(0, len(text), 100_000):
            gate.redact(text[at : at + 100_000], "bench")
        best = max(best, len(text) / 1e6 / (time.process_time() - started))
    return best


def finder_speed(finder: Finder, text: str) -> float:
    """A finder's MB/s of the clock on a text in one piece; for programs, their start included."""
    started = time.perf_counter()
    finder([text])
    return len(text) / 1e6 / (time.perf_counter() - started)


def main() -> None:
    """Tell recall, false alarms and speed."""
    finders: dict[str, Finder] = {"askance": ours}
    if find_spec("detect_secrets") is not None:
        finders["detect-secrets"] = detect_secrets
    if _kingfisher():
        finders["kingfisher"] = kingfisher
    missing = [name for name in ("detect-secrets", "kingfisher") if name not in finders]
    note = f"not installed: {', '.join(missing)}" if missing else ""
    recall = {name: 100 * covered(finder) for name, finder in finders.items()}
    tell(
        f"fake secrets of {len(fakes(SEED))} kinds in {len(CONTEXTS)} contexts, covered",
        recall,
        "%",
        bar="at least as many as any other",
        met=recall["askance"] >= max(recall.values()),
        note=note,
    )
    alarms = {name: 100 * mistaken(finder) for name, finder in finders.items()}
    tell(
        "lookalikes taken for secrets, of 1,000",
        alarms,
        "%",
        bar="2 %, and no more than any other",
        met=alarms["askance"] <= min(2.0, *alarms.values()),
        note=note,
    )
    for name, text in real_text().items():
        ours_speed = speed(text)
        rates = {"askance": ours_speed} | {
            other: finder_speed(finder, text) for other, finder in finders.items() if other != "askance"
        }
        tell(
            f"read: {name}",
            rates,
            "MB/s",
            bar=f"{SPEED_FROM:g} MB/s",
            met=ours_speed >= SPEED_FROM,
            note="20 known values",
        )


if __name__ == "__main__":
    main()
