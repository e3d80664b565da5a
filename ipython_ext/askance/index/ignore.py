"""Which paths of a project are never looked at: ignored by its owner, secret by name, or nobody's text.

Enters: paths relative to the root. Leaves: yes or no.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from . import patterns
from .git_folder import common_folder, git_folder

IGNORE_FILES = (".gitignore", ".askignore", ".aiexclude", ".cursorignore")
"""Files whose patterns, in gitignore syntax, hold for their directory and below; each kind counts by itself."""

SKIPPED_DIRECTORIES = frozenset(
    ".git .hg .svn node_modules __pycache__ .venv .tox .nox .eggs .cache .mypy_cache .ruff_cache .pytest_cache "
    ".hypothesis .ipynb_checkpoints .idea site-packages .aws .ssh .kube .gnupg .docker".split()
)
VIRTUAL_ENVIRONMENT = "pyvenv.cfg"
"""The file by which a virtual environment is known."""

_SECRET = re.compile(
    r"\.env.*|.*\.(pem|key|p12|pfx|kdbx|jks|keystore|tfvars|ppk)|id_[a-z0-9]+(\.pub)?|[._]netrc|\.pgpass|\.pypirc|\.npmrc"
    r"|\.htpasswd|\.git-credentials|.*credentials.*\.json|credentials|.*service[-_]account.*\.json|terraform\.tfstate.*"
    r"|secrets?\.(json|ya?ml|toml|ini|cfg)|history\.sqlite",
    re.IGNORECASE,
)
_NOT_TEXT = frozenset(
    ".png .jpg .jpeg .gif .webp .ico .bmp .tif .tiff .pdf .zip .gz .bz2 .xz .zst .7z .tar .whl .egg .jar .class .pyc .pyo "
    ".so .o .a .dll .dylib .exe .bin .dat .npy .npz .pkl .pickle .joblib .h5 .hdf5 .parquet .feather .arrow .avro .orc "
    ".sqlite .sqlite3 .db .askance .pt .pth .onnx .gguf .safetensors .mp3 .mp4 .wav .avi .mov .ttf .otf .woff .woff2 .eot".split()
)


def is_secret(name: str) -> bool:
    """Whether a file of this name holds secrets whatever the ignore files say."""
    return _SECRET.fullmatch(name.rstrip(". ")) is not None  # some file systems drop these at a name's end


def is_skipped(name: str) -> bool:
    """Whether a folder of this name is one of tools or of secrets; some file systems know no capitals."""
    return name.rstrip(". ").lower() in SKIPPED_DIRECTORIES


def is_secret_folder(name: str) -> bool:
    """Whether a folder of this name holds secrets: hidden ones that are called as such files are (".envs")."""
    return name.startswith(".") and is_secret(name)


def exclude_file(root: Path) -> Path:
    """The ignore file of a repository that is not in its tree."""
    return common_folder(git_folder(root)) / "info" / "exclude"


def is_text_name(name: str) -> bool:
    """Whether a file of this name may be text."""
    return PurePosixPath(name).suffix.lower() not in _NOT_TEXT


class Ignore:
    """The ignore files of one tree; `read` them directory by directory, from the root down.

    Args:
        root: the tree.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._specs: dict[tuple[str, str], GitIgnoreSpec] = {}

    def read(self, directory: str, names: Collection[str] = IGNORE_FILES) -> None:
        """Take in the ignore files of a directory ("" is the root), in place of what was known of them.

        Args:
            directory: relative to the root.
            names: the names in it, where they are known already.
        """
        for kind in IGNORE_FILES:
            found = patterns.read(self._root / directory / kind) if kind in names else None
            if kind == ".gitignore" and not directory:  # the repository's own comes first: what stands later wins
                outside = patterns.read(exclude_file(self._root))
                found = outside + found if outside is not None and found is not None else found or outside
            if found is not None:
                self._specs[kind, directory] = found
            else:
                self._specs.pop((kind, directory), None)

    def ignores(self, path: str, *, is_directory: bool = False) -> bool:
        """Whether any kind of ignore file leaves this path out; its directory is known not to be."""
        if not self._specs:
            return False
        return any(self._ignored_by(kind, path + "/" if is_directory else path) for kind in IGNORE_FILES)

    def _ignored_by(self, kind: str, path: str) -> bool:
        # The deepest file that says anything about the path decides, as git does it.
        directory = path.rstrip("/").rpartition("/")[0]
        while True:
            spec = self._specs.get((kind, directory))
            if spec is not None:
                include = spec.check_file(path[len(directory) + 1 :] if directory else path).include
                if include is not None:
                    return include
            if not directory:
                return False
            directory = directory.rpartition("/")[0]
