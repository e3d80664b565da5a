"""Looks at a folder as an ask does, and takes note of what is opened. Run as a program: see `running`.

Enters: a root, and where to find things. Leaves: what was indexed and said, the kinds of all that was opened below the
root, and paths opened elsewhere.
"""

import json
import os
import stat
import sys
from pathlib import Path

_LIBRARIES = tuple(
    map(os.path.realpath, (sys.prefix, sys.base_prefix, Path(__file__).parents[2], Path(os.__file__).parent))
)


class Watch:
    """What is opened: its kind by its handle, and by its name where that is whole."""

    def __init__(self, root):
        self.root = root
        self.kinds = set()
        self.elsewhere = set()
        self._open = os.open
        os.open = self.open
        sys.addaudithook(self.told)

    def open(self, path, *rest, **more):
        """In the place of `os.open`: looks at what it opened."""
        handle = self._open(path, *rest, **more)
        real = os.readlink(f"/proc/self/fd/{handle}")
        if real.startswith(self.root):
            self.kinds.add(stat.S_IFMT(os.fstat(handle).st_mode))
        else:
            self._note(real)
        return handle

    def told(self, event, arguments):
        """The hook: a name without a folder is of a folder's handle, and was looked at above."""
        path = arguments[0] if event == "open" else None
        if not isinstance(path, str | bytes) or not os.path.isabs(path):
            return
        name = os.fsdecode(path)
        if name.startswith(self.root):
            try:
                self.kinds.add(stat.S_IFMT(os.stat(name).st_mode))
            except (OSError, ValueError):
                return
        self._note(os.path.realpath(name))

    def _note(self, real):
        if not real.startswith((self.root, *_LIBRARIES, "/proc/", "/sys/")):
            self.elsewhere.add(real)


def main(root, cache):
    """One preview with everything in it."""
    from askance import Session
    from askance.index.project import Project

    environ = {"PATH": "/usr/bin:/bin", "HOME": cache, "XDG_CACHE_HOME": cache, "TMPDIR": cache}
    os.environ.update(environ)
    Session.for_project(cache, environ=environ).preview("warm up")  # what is imported is imported
    watch = Watch(root)
    project = Project(Path(root), environ=environ, watch=False)
    project.refresh()
    session = Session.for_project(root, environ=environ)
    question = "what do good.py and also.py say, which packages, and what has changed in git?"
    items = session.preview(question, budget=20_000).items
    kinds = sorted(stat.filemode(kind)[0] for kind in watch.kinds)
    told = [item.name for item in items if item.source == "files" and item.sent]
    report = {"paths": project.paths(), "kinds": kinds, "elsewhere": sorted(watch.elsewhere), "told": told}
    sys.stdout.write(json.dumps(report))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
