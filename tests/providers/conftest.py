"""The models these tests talk to."""

from fixtures_models import gguf, local_server

__all__ = ["gguf", "local_server"]
