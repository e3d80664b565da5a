"""The environment's secrets. Enters: environment variables. Leaves: (name, secret).

Those of a notebook server and its kernels are among them: JUPYTER_TOKEN, JPY_API_TOKEN, JUPYTERHUB_API_TOKEN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...providers.models import PROVIDERS
from .parts import secrets_of
from .worth import is_secret

OURS = frozenset(
    (*(name for entry in PROVIDERS.values() for name in entry.keys), "ASKANCE_REDIS_PASSWORD", "ASKANCE_API_KEY")
)
"""What our own clients send as a key."""


def variables(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """All that is secret in the values of variables."""
    for name, value in environ.items():
        yield from secrets_of(name, value, any_name=False)
        if name in OURS and is_secret("key", value.strip(), any_name=True):
            yield name, value.strip()
