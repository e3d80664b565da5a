"""Makes cases for `fit_files.py` and `files_ranking.py` out of any repository's history.

    BENCH_FILES=.../files_bench.py BENCH_MIRROR=... python tests/bench/make_file_cases.py owner+name ... --out cases.jsonl

A case is a commit: its message is the request, the source files it modified are right, and the state is that before it.
Recent files are those of the last eight commits; four open tabs are drawn from the folders of the right files, from the recent
files and from all others, and are never right themselves: the same simulation as in the dev set.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import fit_files

MOST_RIGHT, MOST_CHANGED = 5, 15
"""Right files of a case at most, and files of its commit at most."""

EARLIER, OPEN = 8, 4
NEWEST_LEFT_OUT = 30
NEAR, RECENT = 0.30, 0.25
"""Chances that a tab is in a right file's folder, and that it is a recent file."""

_SAYS_NOTHING = re.compile(
    r"(?i)(merge|bump|release|version|revert|wip|clean ?up|black|isort|pre-commit|typo|lint|pep8|fix typo)"
)
_SIGNATURE = re.compile(r"(?m)^(Co-authored-by|Signed-off-by).*$")
_BOOKKEEPING = ("_version.py", "_modidx.py", "setup.py")
_LOG = ["log", "HEAD", "--no-merges", "--no-renames", "--format=%x01%H%x02%P%x02%ct%x02%B%x02", "--name-status", "-z"]


def git(folder: Path, *arguments: str) -> str:
    """What git says."""
    done = subprocess.run(["git", "--git-dir", str(folder), *arguments], capture_output=True, check=True)  # noqa: S603, S607
    return done.stdout.decode("utf-8", "replace")


def commits(folder: Path) -> Iterator[tuple[str, str, int, str, dict[str, str]]]:
    """(sha, parents, time, message, path -> what happened to it), the latest first."""
    for record in git(folder, *_LOG).split("\1")[1:]:
        sha, parents, time, message, changes = record.split("\2", 4)
        parts = [part.strip("\n") for part in changes.split("\0") if part.strip("\n")]
        yield sha, parents, int(time), message.strip(), dict(zip(parts[1::2], parts[::2], strict=True))


def cases(repository: str, most: int) -> Iterator[dict[str, object]]:
    """Up to `most` cases, by time; the same ones every time."""
    bench, folder, chance = (
        fit_files.bench(),
        Path(os.environ["BENCH_MIRROR"]) / repository / "repo",
        random.Random(repository),
    )  # noqa: S311

    def right(changes: dict[str, str]) -> list[str]:
        kept = (path for path, what in changes.items() if what == "M" and not path.endswith(_BOOKKEEPING))
        return [path for path in kept if PurePosixPath(path).suffix in bench.GOLD_EXT and not bench.is_test(path)]

    fit = [
        (time, sha, parents, message, right(changes))
        for sha, parents, time, message, changes in list(commits(folder))[:-NEWEST_LEFT_OUT]
        if 1 <= len(right(changes)) <= MOST_RIGHT
        and len(changes) <= MOST_CHANGED
        and len(parents.split()) == 1
        and len(re.findall(r"[A-Za-z]{3,}", message.split("\n")[0])) >= 3
        and not _SAYS_NOTHING.match(message)
    ]
    for time, sha, parent, message, gold in sorted(chance.sample(fit, min(most, len(fit)))):
        tree = set(git(folder, "ls-tree", "-r", "--name-only", parent).split("\n"))
        sources = sorted(path for path in tree if PurePosixPath(path).suffix in bench.GOLD_EXT | {".js"})
        names = git(folder, "log", "--no-merges", "--no-renames", f"-n{EARLIER}", "--name-only", "--format=", parent)
        recent = [path for path in dict.fromkeys(names.split("\n")) if path in set(sources)][:30]
        yield {
            "id": f"{repository}-{sha[:10]}",
            "set": "hist",
            "repo": repository.split("+")[1],
            "git": repository,
            "commit": parent,
            "time": time,
            "query": _SIGNATURE.sub("", message).strip()[:1500],
            "gold": gold,
            "recent_files": recent,
            "open_files": tabs(chance, sources, recent, gold),
            "n_files": len(sources),
        }


def tabs(chance: random.Random, sources: Sequence[str], recent: Sequence[str], gold: Sequence[str]) -> list[str]:
    """Open tabs, none of them right."""
    folders = {str(PurePosixPath(path).parent) for path in gold}
    near = [path for path in sources if str(PurePosixPath(path).parent) in folders]
    found = []
    for _ in range(OPEN):
        at = chance.random()
        pool = [path for path in (near if at < NEAR else recent if at < NEAR + RECENT else sources) if path not in gold]
        if pool:
            found.append(chance.choice(pool))
    return list(dict.fromkeys(found))


def main() -> None:
    """Write the cases of all repositories."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", help="folders of BENCH_MIRROR")
    parser.add_argument("--most", type=int, default=40, help="cases of each repository")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    lines = [json.dumps(case) + "\n" for name in options.repositories for case in cases(name, options.most)]
    Path(options.out).write_text("".join(lines), "utf-8")
    print(f"{len(lines)} cases in {options.out}")


if __name__ == "__main__":
    main()
