"""Names whose values never leave. Enters: a variable's, key's or column's name. Leaves: yes or no."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ALWAYS = frozenset(
    "password passwords passwd pwd passphrase secret secrets credential credentials creds apikey apikeys apitoken".split()
)
_AT_THE_END = frozenset("token bearer auth cookie cookies".split())
_BEFORE_KEY = frozenset(
    "api access private signing encryption auth client account service ssh aws openai anthropic storage".split()
)
_BEFORE_TOKENS = frozenset("api access auth refresh bearer session".split())


@lru_cache(maxsize=4096)
def looks_secret(name: str) -> bool:
    """Whether a thing of this name is likely a secret: `api_key`, `hfToken`, `DB_PASSWORD`; not `tokenizer` or `n_tokens`."""
    words = [word.lower() for word in _WORDS.findall(name[:200])]
    if not words:
        return False
    if not _ALWAYS.isdisjoint(words) or words[-1] in _AT_THE_END:
        return True
    pairs = list(pairwise(words))
    return any(
        (before in _BEFORE_KEY and after in ("key", "keys"))
        or (before in _BEFORE_TOKENS and after in ("token", "tokens"))
        for before, after in pairs
    )
