"""The two comms between the kernel and a front end.

`askance.context` is opened by the kernel and only pushes. `askance.control` is opened by the front end and answered
inside its handler alone: ipykernel 7 then serves it on a thread of its own while a cell runs.
Enters: messages of the front end. Leaves: the state of askance, ledgers, what is stale, code to insert, confirmations.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import AskanceError
from .facts import MOST_NAME, Facts, seconds_of, watched
from .host import Host
from .weighing import is_light

if TYPE_CHECKING:
    from ..records import Answer, Ask
    from .answers import Answers
    from .explain import Explainer

CONTEXT = "askance.context"
CONTROL = "askance.control"
MOST_CHARACTERS = 64_000
"""Longer messages are not ours, and are dropped."""

MOST_CONTROLS = 32
"""Front ends that are listened to, the latest: a page that goes does not always say so."""

MOST_RETRIES = 20
"""Cells that wait for their retry."""


class Comms:
    """Serves the front ends of one kernel."""

    def __init__(self, host: Host) -> None:
        from comm import create_comm, get_comm_manager

        self._host = host
        self._create = create_comm
        self._manager = get_comm_manager()
        self._lock = threading.Lock()
        self._context: Any = None
        self._controls: list[Any] = []
        self._answers: Answers | None = None
        self._explainer: Explainer | None = None
        self._manager.register_target(CONTROL, self._opened)
        host.shell.events.register("post_run_cell", self._ran)
        if host.may_be_heard():
            self._open_context()

    def state(self) -> dict[str, Any]:
        """All that a front end shows. Never puts a session together."""
        latest = self._host.runner.latest
        try:
            choice = self._host.choice()
            model, why = choice.model, choice.why
        except AskanceError as error:
            model, why = "", str(error)
        return {
            "type": "state",
            "version": __version__,
            "model": model,
            "why": why,
            "asking": latest is not None and latest.asking,
            "ask_id": latest.ask_id if latest else None,
            "question": self.shown(latest.ask) if latest else None,
            "ledger": latest.ledger.shortened().to_dict() if latest and latest.ledger else None,
            "stale": self._answers.stale if self._answers is not None else {},
        }

    def shown(self, ask: Ask) -> str:
        """The question as a front end may keep it: without secrets."""
        return self._host.shown(ask.question)

    def answered(self, answer: Answer) -> None:
        """Say from now on whether an answer still holds."""
        self._followed().add(answer)

    def insert(self, cell: str, code: str) -> None:
        """Have the front end put code into a new cell.

        Args:
            cell: id of the cell above it.
            code: never run by itself.
        """
        self.push({"type": "insert", "cell": cell, "code": code})

    def push(self, message: Mapping[str, Any]) -> None:
        """Send to whoever shows the context; a front end that is gone is no reason to fail."""
        with suppress(Exception):
            self._context.send(data=dict(message))

    def close(self) -> None:
        """Close every comm and take the target back."""
        with suppress(ValueError):
            self._host.shell.events.unregister("post_run_cell", self._ran)
        if self._answers is not None:
            self._answers.close()
        if self._explainer is not None:
            self._explainer.close()
        with suppress(Exception):
            self._manager.unregister_target(CONTROL, self._opened)
        with self._lock:
            comms, self._controls = [*self._controls, self._context], []
        for comm in filter(None, comms):
            with suppress(Exception):
                comm.close()

    def _open_context(self) -> None:
        with self._lock:
            old, self._context = self._context, self._create(target_name=CONTEXT, data={})
        if old is not None:
            old.close()

    def _opened(self, comm: Any, message: Mapping[str, Any]) -> None:
        with self._lock:
            self._controls.append(comm)
            old = self._controls[:-MOST_CONTROLS]
            del self._controls[:-MOST_CONTROLS]
        for one in old:
            with suppress(Exception):
                one.close()
        comm.on_msg(lambda message: self._received(comm, message))
        comm.on_close(lambda _: self._forget(comm))
        self._received(comm, message)

    def _forget(self, comm: Any) -> None:
        with self._lock:
            if comm in self._controls:
                self._controls.remove(comm)

    def _received(self, comm: Any, message: Mapping[str, Any]) -> None:
        with suppress(Exception):  # nothing a front end sends may hurt the kernel
            data = message["content"]["data"]
            if isinstance(data, dict) and is_light(data, MOST_CHARACTERS):
                self._handle(comm, data)

    def _handle(self, comm: Any, data: Mapping[str, Any]) -> None:
        kind = data.get("type")
        if kind in ("hello", "facts"):
            self._host.state.facts = Facts.from_message(data)
        if kind == "hello":
            self._host.said_hello = True
            self._open_context()
        if kind in ("hello", "refresh"):
            comm.send(data=self.state())
        elif kind == "stop":
            ask_id = data.get("ask_id")
            if ask_id is None or isinstance(ask_id, str):
                comm.send(data={"type": "stopping", "ask_id": ask_id, "ok": self._host.runner.stop(ask_id)})
        elif kind == "allow":
            self._host.permissions.answer(data.get("ask"), data.get("call"), data.get("allowed"))
        elif kind == "retry":
            self._retry(comm, data.get("cell"))
        elif kind == "explain" and (told := self._explaining().act(data)):
            comm.send(data=told)
        elif kind == "pace" and (seconds := seconds_of(data.get("interval"))) is not None:
            self._host.state.keep_pace(seconds)
        elif kind == "watch" and (found := watched(data)):
            self._followed().watch(found)

    def _retry(self, comm: Any, cell: object) -> None:
        waiting = self._host.fresh_cells
        if isinstance(cell, str) and 0 < len(cell) <= MOST_NAME and (cell in waiting or len(waiting) < MOST_RETRIES):
            waiting.add(cell)
            comm.send(data={"type": "retrying", "cell": cell})

    def _explaining(self) -> Explainer:
        from .explain import Explainer

        with self._lock:
            if self._explainer is None:
                self._explainer = Explainer(self._host, self.push)
            return self._explainer

    def _followed(self) -> Answers:
        from .answers import Answers

        host = self._host
        with self._lock:
            if self._answers is None:
                self._answers = Answers(host.session, host.loop, self._tell, self._is_gathering)
            return self._answers

    def _is_gathering(self) -> bool:
        return any(running.ledger is None for running in self._host.runner.running)

    def _ran(self, _result: object) -> None:
        """A cell has ended; the handler of `post_run_cell`."""
        if self._answers is not None:
            self._answers.look()

    def _tell(self, news: Mapping[str, str]) -> None:
        """Push what is stale; a front end that names its cells but has not our part gets it below the answers."""
        self.push({"type": "stale", "answers": dict(news)})
        if self._host.said_hello or self._host.cell() is None:
            return
        from .view.output import shown

        for id_, words in news.items():
            if (output := shown(id_)) is not None:
                output.say_stale(words)
