"""Working sessions of several people, replayed: how often the cache has the answer, and whether it is the right one.

    python tests/bench/cache_sessions.py [NAME ...]

The scripts stand in `sessions/`; each was written as somebody works, before anything was counted. Beside askance, in the
same run: a cache by the question's words alone, one by the exact request (without any limit of age, both), and none.
"Would do" counts the questions that an oracle could answer from what was said before, with nothing stale in it: who
never asks for the same twice in the same state of things gives any honest cache little to do. "Stale" counts answers that were told, in any part, what nobody would be told now; each answer's parts are rendered again
to see that. "Repeats" are the questions whose very request was made before, the numbers of cells aside: what a perfect
cache by requests could have.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from figures import tell
from session_script import read
from working import Asked, Office

sys.path.append(str(Path(__file__).parents[1]))
from fixtures_redis import running

FOLDER = Path(__file__).parent / "sessions"
BAR = 0.6


def share(counts: list[bool]) -> float:
    """Part of them that are so."""
    return sum(counts) / len(counts)


def rates(asked: list[Asked]) -> dict[str, float]:
    """Hit rates of all contenders, ours first."""
    return {
        "askance": share([one.tier is not None for one in asked]),
        "by the question alone": share([one.by_words for one in asked]),
        "by the exact request": share([one.by_request for one in asked]),
        "no cache": 0.0,
    }


def replayed(names: list[str]) -> dict[str, list[Asked]]:
    """Each script's questions."""
    sys.dont_write_bytecode = True  # files change within a second
    found = {}
    with ExitStack() as stack:
        has_redis = shutil.which("redis-server") is not None
        for name in names:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory())).resolve()
            server = stack.enter_context(running(place)) if has_redis else None
            script = read((FOLDER / f"{name}.session").read_text("utf-8"))
            found[name] = Office(place / "office", server.url if server else "").play(script)
    return found


def main() -> None:
    """Replay and tell."""
    every = sorted(path.stem for path in FOLDER.glob("*.session"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(every))
    found = replayed(parser.parse_args().names or every)
    for name, asked in found.items():
        tiers = Counter(one.tier or "asked" for one in asked)
        said = ", ".join(f"{tier} {count}" for tier, count in tiers.most_common())
        note = f"{len(asked)} questions: {said}; repeats {share([one.repeats for one in asked]):.2f}"
        tell(f"hit rate, {name}", rates(asked), "", note=note)
    whole = [one for asked in found.values() for one in asked]
    tiers = Counter(one.tier for one in whole if one.tier)
    each = [rates(asked) for asked in found.values()]
    mean = {who: sum(one[who] for one in each) / len(each) for who in each[0]}
    note = f"{len(found)} sessions, each counts the same; the least {min(one['askance'] for one in each):.2f}"
    tell("hit rate, mean of the sessions", mean, "", bar=">= 0.6", met=mean["askance"] >= BAR, note=note)
    rate = rates(whole)
    note = f"{len(whole)} questions; repeats {share([one.repeats for one in whole]):.2f}"
    tell("hit rate, all questions", rate, "", bar=">= 0.6", met=rate["askance"] >= BAR, note=note)
    tell("hits by tier", {name: tiers[name] for name, _ in tiers.most_common()}, "", note="of all questions")
    possible = [one for one in whole if one.possible]
    ours = share([one.tier is not None for one in possible])
    note = f"{len(possible)} questions of {len(whole)} have an earlier answer, of any age, that would not be stale"
    tell("hits, of the questions that an answer from before would do for", {"askance": ours}, "", note=note)
    stale = {
        "askance": sum(one.stale for one in whole),
        "by the question alone": sum(one.stale_by_words for one in whole),
    }
    tell("stale answers given", stale, "", bar="0", met=stale["askance"] == 0, note=f"of {len(whole)} questions")


if __name__ == "__main__":
    main()
