"""Runs one of the programs beside this file in a process of its own, which may die of what it does.

Enters: its name and arguments. Leaves: what it counted.
"""

import json
import subprocess
import sys
from pathlib import Path


def counted(name, *arguments):
    """The program's counts; raises if it died."""
    run = subprocess.run(
        [sys.executable, "-m", f"faults.{name}", *map(str, arguments)],
        cwd=Path(__file__).resolve().parents[1],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)
