"""Repositories that are broken, endless, somebody else's, or that no git can read. Enters: a plain one. Leaves: it, broken."""

import os
from pathlib import Path

from faults.git_attacks import make


def pipe(path):
    """A pipe in a file's place."""
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def link(path, target):
    """A link in a file's place."""
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def large(path, size):
    """Nothing but spaces, without taking the disk."""
    with path.open("r+b") as file:
        file.truncate(size)


def elsewhere(place, how):
    """A private repository of the user's, and a `.git` that claims it."""
    private = make(place.outside / "private")
    private.git("commit", "-q", "--allow-empty", "-m", "private plans")
    private.git("checkout", "-qb", "secret-branch")
    real, own = private.root / ".git", place.root / ".git"
    own.rename(place.outside / "old")
    if how == "file":
        own.write_text(f"gitdir: {real}\n")
    elif how == "link":
        own.symlink_to(real)
    else:
        own.mkdir()
        (own / "HEAD").write_text("ref: refs/heads/main\n")
        (own / "commondir").write_text(f"{real}\n")


def hanging(place):
    """A git that never ends, with a child that holds its output."""
    folder = place.outside / "bin"
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\nsleep 600 & echo $! > '{place.outside}/child'\nwait\n")
    (folder / "git").chmod(0o755)
    place.environ["PATH"] = f"{folder}:{place.environ['PATH']}"


def leaving(place):
    """A git that ends at once and leaves a child with its output."""
    hanging(place)
    (place.outside / "bin" / "git").write_text(f"#!/bin/sh\nsleep 600 & echo $! > '{place.outside}/child'\n")


def no_program(place):
    """A git that cannot be started."""
    hanging(place)
    (place.outside / "bin" / "git").write_text("#!/no/such/interpreter\n")


def corrupt(place):
    """Objects of garbage."""
    for path in (place.root / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"garbage")


def append(path, text):
    """More at the end of a file."""
    with path.open("a") as file:
        file.write(text)


def missing(place):
    """No git on PATH."""
    place.environ["PATH"] = str(place.outside)


def foreign(place):
    """Somebody else's repository."""
    for path in (place.root, place.root / ".git"):
        os.chown(path, 12345, 12345)


BROKEN = {
    "config is a pipe": lambda p: pipe(p.root / ".git" / "config"),
    "config is a device": lambda p: link(p.root / ".git" / "config", "/dev/zero"),
    "config of 100 MB": lambda p: large(p.root / ".git" / "config", 100_000_000),
    "config includes a pipe": lambda p: (pipe(p.outside / "more"), append(p.root / ".git" / "config", f"[include]\n\tpath = {p.outside}/more\n")),
    "config includes itself": lambda p: append(p.root / ".git" / "config", "[include]\n\tpath = config\n"),
    "HEAD is a pipe": lambda p: pipe(p.root / ".git" / "HEAD"),
    "HEAD is a device": lambda p: link(p.root / ".git" / "HEAD", "/dev/zero"),
    "the branch is a pipe": lambda p: pipe(p.root / ".git" / "refs" / "heads" / "main"),
    "HEAD of 100 MB": lambda p: large(p.root / ".git" / "HEAD", 100_000_000),
    "corrupt objects": corrupt,
    "index.lock": lambda p: (p.root / ".git" / "index.lock").touch(),
    "empty index": lambda p: (p.root / ".git" / "index").write_bytes(b""),
    "index is a pipe": lambda p: pipe(p.root / ".git" / "index"),
    "dangling file": lambda p: ((p.root / ".git").rename(p.outside / "old"), (p.root / ".git").write_text("gitdir: /no/such\n")),
    ".git is a pipe": lambda p: ((p.root / ".git").rename(p.outside / "old"), pipe(p.root / ".git")),
    ".git is a ring": lambda p: ((p.root / ".git").rename(p.outside / "old"), link(p.root / ".git", ".git")),
    ".git is a NUL": lambda p: ((p.root / ".git").rename(p.outside / "old"), (p.root / ".git").write_text("gitdir: a\0b\n")),
    "another's repository": foreign,
    "git missing": missing,
    "git hangs": hanging,
    "git leaves a child": leaving,
    "git cannot start": no_program,
    "ignore file is a pipe": lambda p: pipe(p.root / ".gitignore"),
    "ignore file below is a pipe": lambda p: ((p.root / "d").mkdir(), (p.root / "d" / "x").touch(), pipe(p.root / "d" / ".gitignore")),
    "attributes are a pipe": lambda p: (pipe(p.root / ".gitattributes"), p.edit()),
    "order of files is a pipe": lambda p: (pipe(p.outside / "order"), p.edit(), p.config(diff__orderFile=str(p.outside / "order"))),
    "list of ignored is a pipe": lambda p: (pipe(p.outside / "more"), p.config(core__excludesFile=str(p.outside / "more"))),
    "alternates are a pipe": lambda p: pipe(p.root / ".git" / "objects" / "info" / "alternates"),
    "a pack is a pipe": lambda p: [make(p.root / ".git" / "objects" / "pack" / f"pack-{'1' * 40}.{end}") for make, end in ((pipe, "idx"), (Path.touch, "pack"))],
    "the diary is a pipe": lambda p: pipe(p.root / ".git" / "logs" / "HEAD"),
    "worktree elsewhere": lambda p: p.config(core__worktree="/etc"),
    "file leads elsewhere": lambda p: elsewhere(p, "file"),
    "link leads elsewhere": lambda p: elsewhere(p, "link"),
    "commondir leads elsewhere": lambda p: elsewhere(p, "commondir"),
}  # fmt: skip
SLOW = frozenset(("git hangs", "git leaves a child", "ignore file below is a pipe", "list of ignored is a pipe"))
"""Those that only the time limit ends."""
