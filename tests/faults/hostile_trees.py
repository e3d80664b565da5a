"""Project folders full of what is no text file, or pretends to be. Enters: an empty folder. Leaves: the tree in it.

Each holds two good files besides; everything else in it is to be left alone, unless it is named in `MORE`.
"""

import os
import socket
import stat
from pathlib import Path

GOOD = ("good.py", "sub/also.py")
MORE = {
    "hard links": {"a.py", "b.py", "sub/c.py"},
    "odd but plain names": {"...", "-rf", "a b.py", "~", "ümlaut.py", "x.py/y.py", "*.py"},
}
"""What else may be indexed."""

SPARSE = 5_000_000_000
DEPTH = 120
DECIDING = (".gitignore", ".askignore", ".aiexclude", ".cursorignore", ".git/info/exclude")
READ = (
    "pyproject.toml",
    "requirements.txt",
    "requirements/dev.txt",
    "package.json",
    "setup.cfg",
    "environment.yml",
    ".env",
)


def put(root, path, data=b"x"):
    """A plain file."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(data)


def pipe(root, path):
    """A pipe."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(root / path)


def link(root, path, target):
    """A link, whatever it leads to."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).symlink_to(target)


def sparse(root, path, size=SPARSE):
    """A file that is large and takes no room."""
    put(root, path, b"")
    os.truncate(root / path, size)


def listening(root, path):
    """A socket; its name is bound from within the folder, since such names may be short alone."""
    before = Path.cwd()
    os.chdir(root)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path)
    finally:
        os.chdir(before)


def device(root, path):
    """An endless device, or a link to it for who may not make one."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    try:
        os.mknod(root / path, 0o666 | stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        (root / path).symlink_to("/dev/zero")


def deep(root):
    """Folders below folders, until no path of the system's can name the last one."""
    handle = os.open(root, os.O_RDONLY)
    for _ in range(DEPTH):
        os.mkdir("d" * 60, dir_fd=handle)
        below = os.open("d" * 60, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    os.close(os.open("far.py", os.O_CREAT | os.O_WRONLY, dir_fd=handle))
    os.close(handle)


def many(count):
    """Files without end, in one folder and in folders of their own."""

    def make(root):
        for number in range(count):
            put(root, f"n{number}.bin" if number % 2 else f"m{number % 300}/x{number}.bin", b"")

    return make


def hard_links(root):
    """One file under several names."""
    put(root, "a.py", b"linked = 1\n")
    os.link(root / "a.py", root / "b.py")
    os.link(root / "a.py", root / "sub" / "c.py")


def odd_names(root):
    """Names that are unusual, and harmless."""
    for name in MORE["odd but plain names"]:
        put(root, name)


def bad_names(root):
    """Names that cannot be written down as they are."""
    for name in (
        b"no\xffutf8.py",
        b"two\nlines.py",
        b"bell\a.py",
        "turn\u202eyp.py".encode(),
        b"esc\x1b[31m.py",
        b"tab\t.py",
    ):
        Path(os.fsdecode(os.fsencode(root) + b"/" + name)).write_bytes(b"x")
    for name in (b"folder\nof lines", b"fol\xffder", "fol\u2066der".encode()):
        folder = Path(os.fsdecode(os.fsencode(root) + b"/" + name))
        folder.mkdir()
        (folder / "inner.py").write_bytes(b"x")


def secret_names(root):
    """Secret files in other letters."""
    for name in (".ENV", ".Env.Local", "ID_RSA", "Secrets.TOML", "CREDENTIALS.json", "Server.KEY", ".NETRC", "x/.EnV"):
        put(root, name)


TREES = {
    **{f"{name} is a pipe": lambda root, name=name: pipe(root, name) for name in (*DECIDING, *READ, "a.py", "n.ipynb")},
    **{f"{name} is a device": lambda root, name=name: device(root, name) for name in (".gitignore", "pyproject.toml", "zero.py")},
    **{f"{name} leads to a device": lambda root, name=name: link(root, name, "/dev/zero") for name in (*DECIDING[:2], *READ[:2])},
    **{f"{name} of 5 GB": lambda root, name=name: sparse(root, name) for name in ("a.py", *READ[:2])},
    "a socket": lambda root: listening(root, "socket.py"),
    "a link to itself": lambda root: (link(root, "loop.py", "loop.py"), link(root, "x/y.py", "../x/y.py")),
    "a ring of folders": lambda root: (link(root, "loop", "."), link(root, "sub/up", ".."), link(root, "sub/a", "b"), link(root, "sub/b", "a")),
    "links to everything": lambda root: (link(root, "root", "/"), link(root, "proc", "/proc/self/root"), link(root, "fd", "/dev/fd")),
    "dangling links": lambda root: (link(root, "gone.py", "/no/such"), link(root, "gone", "nowhere")),
    "a notebook of 100 MB": lambda root: sparse(root, "n.ipynb", 100_000_000),
    "a deep notebook": lambda root: put(root, "n.ipynb", b"[" * 500_000),
    "a deep pyproject": lambda root: put(root, "pyproject.toml", b"a = " + b"[" * 50_000),
    "a deep package.json": lambda root: put(root, "package.json", b'{"dependencies":' * 50_000),
    "names that cannot be written": bad_names,
    "odd but plain names": odd_names,
    "secret names": secret_names,
    "very deep": deep,
    "hard links": hard_links,
    "a folder called .env": lambda root: put(root, ".env/x.bin"),
    "an environment that is a pipe": lambda root: pipe(root, "venv/pyvenv.cfg"),
    ".git is a pipe": lambda root: pipe(root, ".git"),
    "many files": many(10_000),
}  # fmt: skip


def make(root, how):
    """The good files, and what is not."""
    for path in GOOD:
        put(root, path, b"value = 1\n")
    TREES[how](root)
