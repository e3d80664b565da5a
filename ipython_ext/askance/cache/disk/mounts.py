"""Which file system holds a path, and whether other machines write to it too.

Enters: a path, and the text of Linux's /proc/self/mountinfo (proc(5)). Leaves: the kind of file system.
"""

from __future__ import annotations

import re
from pathlib import Path

MOUNTINFO = Path("/proc/self/mountinfo")

_SHARED = frozenset(
    "9p acfs afs beegfs ceph cifs coda davfs drvfs gfs2 glusterfs gpfs kafs lustre ncp ncpfs nfs nfs4 ocfs2 orangefs panfs"
    " prl_fs pvfs2 smb2 smb3 smbfs vboxsf vmhgfs wekafs".split()
)
"""Other machines write to these, or they hold no shared memory: SQLite's write-ahead log needs one host
(sqlite.org/wal.html)."""

_LOCAL_FUSE = frozenset(f"fuse.{name}" for name in "bindfs encfs fuse-overlayfs gocryptfs mergerfs".split())


def mounted() -> str:
    """The mounts of this system, "" where it does not tell."""
    try:
        return MOUNTINFO.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""


def shared(path: Path, mountinfo: str) -> str:
    """The kind of file system that holds `path` if other machines may write to it too; "" if it is this machine's.

    Args:
        path: need not exist.
        mountinfo: as `mounted` reads it.
    """
    kind = _kind(path.resolve(), mountinfo)
    is_shared = kind in _SHARED or (kind.startswith("fuse.") and kind not in _LOCAL_FUSE)
    return kind if is_shared else ""


def _kind(path: Path, mountinfo: str) -> str:
    longest, found = -1, ""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields, kinds = before.split(" "), after.split(" ")
        if len(fields) < 5:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4]))
        # Of two mounts on one point the later one is on top.
        if path.is_relative_to(point) and len(point.parts) >= longest:
            longest, found = len(point.parts), kinds[0]
    return found
