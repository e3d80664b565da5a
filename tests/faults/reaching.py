"""Paths that try to lead out of a project, or to its denied files, by every way that takes a path. Run as a program.

Enters: a root and a folder beside it (see `build`). Leaves: what each way gave for each path that held the treasure, what
was opened elsewhere, and what the ways gave for a good path.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from faults.scanning import Watch

TREASURE = "the treasure = 42"
DENIED = (
    ".env", ".ENV", ".Env.local", ".env.", ".env ", "id_rsa", "ID_RSA", "id_rsa.", "a/.env", "server.pem", "SERVER.PEM",
    "secrets.toml", "credentials.json", ".ssh/config", ".SSH/config", ".git/config", ".GIT/config", ".aws/x.txt", "node_modules/x.py",
    "ignored.py", "private/x.py", "hard.py",
)  # fmt: skip


def build(root, outside):
    """A project with good files, denied files and links, beside a folder with the treasure."""
    for path in ("good.py", "sub/good.py"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("fine = 1\n")
    outside.mkdir()
    (outside / "x.py").write_text(TREASURE)
    for path in DENIED[:-1]:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(TREASURE)
    os.link(root / ".env", root / "hard.py")
    (root / ".askignore").write_text("ignored.py\nprivate/\n")
    (root / "link.py").symlink_to(outside / "x.py")
    (root / "linked").symlink_to(outside)
    (root / "sub" / "up").symlink_to("..")
    (root / "sub" / "env.py").symlink_to("../.env")
    (root / "sub" / "out").symlink_to("../../outside")
    (root / "chain").symlink_to("sub/out")


def paths(root, outside):
    """What may be asked for."""
    x = outside / "x.py"
    up = "../" * 12
    return [
        *DENIED, str(x), f"/{x}", f"//{x}", f"./{x}", f"{root}/good.py/../../outside/x.py", "../outside/x.py", "./../outside/x.py",
        "sub/../../outside/x.py", "sub//../../outside/x.py", "..//outside/x.py", "../outside//x.py", "..\\outside\\x.py",
        "sub\\..\\..\\outside\\x.py", "\\\\?\\" + str(x), f"file://{x}", "~/x.py", "~root/x.py", "$HOME/x.py", "${HOME}/x.py",
        "%2e%2e/outside/x.py", "..%2foutside/x.py", "../outside/x.py\0", "\0../outside/x.py", "good.py\0../outside/x.py", "link.py",
        "./link.py", "linked/x.py", "linked/../x.py", "linked//x.py", "sub/up/link.py", "sub/up/.env", "sub/env.py", "sub/out/x.py",
        "chain/x.py", f"/proc/self/root{x}", f"/proc/self/cwd/{x}", "/dev/fd/0", "/dev/stdin", up + str(x).lstrip("/"), f"sub/{up}{x}",
        "sub/./../.env", "sub/../.env", "./.env", ".//.env", ".env/", ".env/.", "", ".", "..", "/", "//", "...", "sub/", " .env", ".env\n",
        "\u202e.env", "．env", "．．/outside/x.py", ".\u200benv", "\udcff", "x" * 5000, "../" * 3000 + "x.py", "good.py/../.env", "good.py/x",
    ]  # fmt: skip


def ways(root, environ):
    """What takes a path, by name."""
    from askance import Session
    from askance.index.access import Access
    from askance.index.files import read_bytes
    from askance.index.project import Project
    from askance.records import LEVELS, Ask
    from askance.sources.base import StaticState
    from askance.sources.files import FilesSource

    project = Project(root, environ=environ, watch=False)
    project.refresh()
    source = FilesSource(project, StaticState())

    def collected(path, **asked):
        ask = Ask(question="what is this?", model="m", mentions=(path,), **asked)
        found = asyncio.run(source.collect(ask))
        return [[one.name, *map(one.render, LEVELS), *(more() for more in one.longer)] for one in found]

    def opened(path):
        tabs = FilesSource(project, StaticState(open_files=[path], recent_files=[path]))
        return [one.render("full") for one in asyncio.run(tabs.collect(Ask(question="what is open?", model="m")))]

    def asked(path):
        session = Session.for_project(root, environ=environ, open_files=[path], recent_files=[path])
        return [item.name for item in session.preview(f"explain @{path} and {path}", budget=4000).items if item.sent]

    return {
        "read": project.read,
        "fingerprint": lambda path: None if project.fingerprint(path) is None else TREASURE,
        "source": lambda path: None if source.fingerprint(path) is None else TREASURE,
        "facts": lambda path: TREASURE if source.facts(path) else None,
        # The second name of a denied file is a name like any other.
        "named": lambda path: [TREASURE] if path in set(source.named([path])) - {"hard.py"} else None,
        "mention": collected,
        "open": opened,
        "bytes": lambda path: str(read_bytes(root, path)) if Access(root).may_read(path) else None,
        "ask": asked,
    }


def main(root, outside):
    """All paths by all ways."""
    environ = {"PATH": "/usr/bin:/bin", "HOME": outside, "XDG_CACHE_HOME": outside, "TMPDIR": outside}
    os.environ.update(environ)
    os.chdir(root)
    known = ways(Path(root), environ)
    good = {name: str(way("good.py"))[:300] for name, way in known.items()}
    watch = Watch(str(root))
    reached, raised = [], []
    for path in paths(Path(root), Path(outside)):
        for name, way in known.items():
            if name == "ask" and len(path) > 100:
                continue
            try:
                found = way(path)
            except Exception as error:
                raised.append([name, ascii(path)[:60], repr(error)[:100]])
                continue
            if TREASURE in str(found):
                reached.append([name, ascii(path)[:60]])
    elsewhere = [path for path in sorted(watch.elsewhere) if path.endswith("x.py")]
    report = {
        "good": good,
        "reached": reached,
        "raised": raised,
        "elsewhere": elsewhere,
        "count": len(paths(Path(root), Path(outside))),
    }
    sys.stdout.write(json.dumps(report))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
