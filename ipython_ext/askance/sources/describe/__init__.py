"""What a model would see of a Python object, without running any of the object's own code.

Enters: any object, hostile ones included. Leaves: bounded text, a few facts, or a fingerprint.
Rule of this room: the exact type decides (`type(obj)`, by identity); nothing is asked of an object of an unknown type.
"""

from __future__ import annotations

from ...secret_names import looks_secret
from .dispatch import describe, facts, fingerprint, kind_of

__all__ = ["describe", "facts", "fingerprint", "kind_of", "looks_secret"]
