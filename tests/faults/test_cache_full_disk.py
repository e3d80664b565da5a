"""A full disk costs writes, and says so; clearing gives the room back."""

import subprocess
import sys

import pytest
from faults.running import counted


def may_mount(folder):
    """Whether we may, which takes root."""
    if sys.platform != "linux":
        return False
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "tmpfs", folder], stderr=subprocess.DEVNULL, check=False
    ).returncode
    if mounted == 0:
        subprocess.run(["umount", folder], check=True)
    return mounted == 0


def test_a_disk_of_four_megabytes(tmp_path):
    """Full by answers, by others' files, before it opens, before there is a folder."""
    if not may_mount(tmp_path / "try"):
        pytest.skip("may not mount")
    counts = counted("filling", tmp_path / "disks", 500)
    assert counts["sets"] == 500 + 45 + 15 + 10
    assert (counts["told"], counts["works after clear"]) == (4, 4)
    assert {name: counts[name] for name in ("wrong", "exceptions", "told otherwise", "partial files")} == dict.fromkeys(
        ("wrong", "exceptions", "told otherwise", "partial files"), 0
    )
    assert counts["right"] > 20
    assert counts["bytes left after clear"] < 2**17
