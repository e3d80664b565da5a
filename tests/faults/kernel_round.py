"""A round of secrets in a real kernel: what the kernel publishes, what a notebook saves, what every command prints.

Enters: a round. Leaves: all of that as bytes, by where it was seen; the user's own cells and what these print are theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pandas as pd
from kernel.live import PATIENCE, Kernel, Outcome

from .leaving import BASE, disk
from .placements import PLACES, World, marker, secrets_of, world_of
from .recording_server import KEY, RecordingServer
from .secret_kinds import Placed

SENT_BY_KERNELS = tuple(place for place in PLACES if place != "tool results")
"""There are no tools yet, and a stand-in would have to be installed for the kernel."""

_KEPT = {"display_data", "execute_result", "stream", "error", "update_display_data"}


@dataclass
class Seen:
    """What was seen of a round.

    Attributes:
        found: where -> bytes.
        texts: what the model was told.
        answer: the text of the answer in the kernel's memory.
        secrets: by place.
    """

    found: Mapping[str, bytes]
    texts: str
    answer: str
    secrets: Mapping[str, Placed]


def seen(number: int, folder: Path) -> Seen:
    """Run it: even rounds through openai's SDK, odd ones through anthropic's."""
    protocol = ("openai", "anthropic")[number % 2]
    with RecordingServer() as server:
        url = server.base_url if protocol == "openai" else server.anthropic_url
        own = {f"{protocol.upper()}_API_KEY": KEY, f"{protocol.upper()}_BASE_URL": url}
        world = world_of(number, folder, {**BASE, **own})
        world.tools.clear()
        notebook = world.root / "asking.ipynb"
        more = {
            "ASKANCE_MODEL": f"{protocol}:scripted-model",
            "ASKANCE_PRIVACY": "3",
            "JPY_SESSION_NAME": str(notebook),
        }
        environ = {name: value for name, value in world.environ.items() if name != "PATH"} | more
        with Kernel(world.home, **environ) as kernel:
            said = _talk(kernel, world, folder)
        answer = (folder / "answer.txt").read_text()
        published, saved = _saved(said, notebook)
        files = [
            file for name in ("sent", "answers.askance", "conversation.json") for file in _files(world.root / name)
        ]
        found = {
            "the server's bytes": server.received,
            "what the kernel publishes": published,
            "the notebook": saved,
            "the files of commands": b"\n".join(file.read_bytes() for file in files),
            "the cache and the conversations": disk(world.home / "cache"),
        }
        assert files, "no command wrote a file"
        return Seen(
            found, "\n".join(server.texts), answer, {place: secrets_of(number)[place] for place in SENT_BY_KERNELS}
        )


def _talk(kernel: Kernel, world: World, folder: Path) -> list[tuple[str, bool, Outcome]]:
    """(source, whether it is the user's own, what came of it) of every cell."""
    said = []

    def run(source: str, *, own: bool = False) -> Outcome:
        outcome = kernel.run(source, f"cell-{len(said)}")
        said.append((source, own, outcome))
        return outcome

    run("%load_ext askance")
    run(
        "import pandas as pd\n" + "\n".join(f"{name} = {_code(value)}" for name, value in world.namespace.items()),
        own=True,
    )
    for source in world.cells:
        run(f"def of_a_cell():\n    {source}" if source[0] != "!" else f"if False:\n    {source}", own=True)
    at = len(said)
    if world.error is not None:
        (file,) = world.root.glob("steps_*.py")
        run(f"import sys\nsys.path.insert(0, {str(world.root)!r})\nimport {file.stem}\n{file.stem}.step('x')", own=True)
    words = [word for word in world.question if not word.startswith("@cell[")]
    cells = " ".join(f"@cell[{number}]" for number in range(3, at + 1))
    question = f"{' '.join(words)} {cells} and the last commits?"
    if world.earlier:
        run(f"%%ask -b 60000\n{world.earlier}")
    run(f"%%ask -b 60000 --dry\n{question}")
    run(f"%%ask -b 60000 --prompt\n{question}")
    run(f"%%ask -b 60000 --view widget\n{question}")
    for view in ("markdown", "plain", "rich"):
        run(f"%%ask -b 60000 --view {view}\n{question}")
    run("%%ask -b 60000 --bg\nAnd in the background?")
    run("%ask --wait")
    run(f"_ask\nopen({str(folder / 'answer.txt')!r}, 'w').write(''.join(one.text for one in [_ask]))", own=True)
    for line in (
        "%ctx",
        "%ctx diff",
        "%askcache",
        "%askcache why",
        "%askcache list",
        "%askcache show 1",
        "%askcache show 2",
        "%threads",
        "%threads show",
        f"%askcache export --force {world.root / 'answers.askance'}",
        f"%threads save {world.root / 'conversation.json'}",
        f"%ctx export {world.root / 'sent'}",
        "_ask",
        "repr(_ask)",
        "_ask.ledger",
        "%config Askance",
        "print(get_ipython().configurables[-1])",
    ):
        run(line)
    return said


def _code(value: object) -> str:
    """A Python expression for a value of the world."""
    return f"pd.DataFrame({value.to_dict('list')!r})" if isinstance(value, pd.DataFrame) else repr(value)


def _saved(said: Sequence[tuple[str, bool, Outcome]], notebook: Path) -> tuple[bytes, bytes]:
    """What our cells published, and the notebook as a front end saves it but for the user's own cells."""
    published, cells = [], []
    for source, own, outcome in said:
        if own:
            continue
        ours = [one for one in outcome.messages if one["msg_type"] != "execute_input"]
        published += [
            json.dumps([one["msg_type"], one["metadata"], _told(one["content"])], default=str) for one in ours
        ]
        published.append(json.dumps(outcome.reply.get("content"), default=str))
        outputs = [
            nbformat.v4.output_from_msg(one) for one in ours if one["msg_type"] in _KEPT - {"update_display_data"}
        ]
        outputs += [
            nbformat.v4.new_output("display_data", one["content"]["data"], metadata=one["content"]["metadata"])
            for one in ours
            if one["msg_type"] == "update_display_data"
        ]
        shown = source.splitlines()[0]  # the question is the user's own cell
        cells.append(nbformat.v4.new_code_cell(shown, outputs=outputs))
    made = nbformat.v4.new_notebook(cells=cells)
    nbformat.validate(made)
    notebook.write_text(nbformat.writes(made))
    return "\n".join(published).encode(), notebook.read_bytes()


def _told(content: dict) -> dict:
    """A message without the module that draws a widget: half a megabyte that is the same for everybody."""
    state = content.get("data", {}).get("state") if isinstance(content.get("data"), dict) else None
    if not isinstance(state, dict):
        return content
    told = {name: value for name, value in state.items() if name not in ("_esm", "_css")}
    return {**content, "data": {**content["data"], "state": told}}


def _files(path: Path) -> list[Path]:
    return (
        sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path] if path.exists() else []
    )


__all__ = ["PATIENCE", "SENT_BY_KERNELS", "Seen", "marker", "seen"]
