"""What kind of file a path is, as far as its name says. Enters: a path. Leaves: yes or no, and small numbers."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

CODE = frozenset(
    ".py .pyx .pxd .pyi .ts .tsx .js .jsx .mjs .cjs .vue .svelte .r .jl .sql .sh .c .cc .cpp .h .hpp .rs .go .java .kt .scala "
    ".swift .cs .rb .php .lua".split()
)
_SUPPORT = re.compile(
    r"(^|/)(tests?|testing|__tests__|ui-tests|docs?|examples?|benchmarks?|asv_bench)(/|$)"
    r"|(^|/)(test_[^/]*|[^/]*_test|conftest|tests)\.\w+$|\.(spec|test)\.\w+$",
    re.IGNORECASE,
)
_SUPPORT_WORDS = frozenset(
    "test tests tested testing doc docs documentation docstring example examples tutorial benchmark".split()
)
_HOUSEKEEPING = re.compile(
    r"(^|/)(setup|conf|__?version_*|_modidx|versioneer|tasks|release|changelog)\.\w+$|(^|/)(migrations/\d+_[^/]*$|locale/)",
    re.IGNORECASE,
)


def kinds(path: str, words: Collection[str]) -> dict[str, float]:
    """The signals of a file's kind that hold; those of tests and documents only where the question has no word of them."""
    found = dict(_by_name(path))
    if not _SUPPORT_WORDS.isdisjoint(words):
        found.pop("support", None)
    return found


def is_support(path: str) -> bool:
    """Whether a file serves the code rather than being it: tests, documents, examples, benchmarks."""
    return "support" in _by_name(path)


@lru_cache(maxsize=20_000)
def _by_name(path: str) -> dict[str, float]:
    suffix = "." + path.rpartition(".")[2].lower()
    tests = {
        "notebook": suffix == ".ipynb",
        "other": suffix != ".ipynb" and suffix not in CODE,
        "support": _SUPPORT.search(path) is not None,
        "housekeeping": _HOUSEKEEPING.search(path) is not None,
    }
    return {kind: 1.0 for kind, holds in tests.items() if holds}
