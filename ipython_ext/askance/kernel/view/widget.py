"""An answer as a live widget that streams, and that gives way to the form that stays.

Enters: deltas. Leaves: comm messages of an anywidget while it runs; then an output without any widget in it.
Imported only where a widget is to be shown: ipywidgets takes half a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import anywidget
from traitlets import List, Unicode

from ...errors import AskanceError
from ...records import Answer, Ask, Ledger, ToolUse
from .final import footer, notice
from .output import Output

STATIC = Path(__file__).parent / "static"
MOST_CODE = 100_000
"""Longer code, in characters, is none that a button inserts."""

_END_STATES = {"stopped": "stopped", "error": "error"}


@dataclass(frozen=True, kw_only=True)
class Acts:
    """What the buttons of a widget do.

    Attributes:
        stop: stops the ask with the given id.
        insert: puts code into a cell, where the user may read and run it; never runs it.
        retry: asks the question with the given id again; None if nothing can.
        miss: told that the page has not the module that draws an answer; None where the widget brings it.
    """

    stop: Callable[[str], Any]
    insert: Callable[[str], Any]
    retry: Callable[[str], Any] | None = None
    miss: Callable[[], Any] | None = None


class AnswerWidget(anywidget.AnyWidget):
    """The kernel's half of `labextension/src/answer`.

    Deltas carry the text, and messages the calls. They are sent whole to a page that asks for it because it appeared late, and at the end if another
    text has taken the place of what was streamed.
    """

    _esm = STATIC / "answer.js"
    _css: ClassVar[Path | str] = STATIC / "answer.css"
    text = Unicode().tag(sync=True)
    state = Unicode("waiting").tag(sync=True)
    footer = Unicode().tag(sync=True)
    ask_id = Unicode().tag(sync=True)
    model_name = Unicode().tag(sync=True)
    notice = Unicode().tag(sync=True)
    stale = Unicode().tag(sync=True)
    cached = Unicode().tag(sync=True)
    tools: List[Any] = List().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        """
        Args:
            traits: their values.
        """
        self._pieces: list[str] = []
        self._length = 0
        self._uses: dict[str, dict[str, Any]] = {}
        super().__init__(**traits)

    @property
    def streamed(self) -> str:
        """All deltas so far."""
        return "".join(self._pieces)

    def grow(self, delta: str) -> None:
        """Append to the text wherever it is shown."""
        start = self._length
        # Before it is sent: a page that asks for all of it now must not miss this piece, and skips what it knows.
        self._pieces.append(delta)
        self._length += len(delta)
        self.send({"type": "delta", "text": delta, "start": start})

    def call(self, use: ToolUse) -> None:
        """Say what has become of a call wherever it is shown."""
        self._uses[use.id] = asdict(use)
        self.send({"type": "tool", "use": self._uses[use.id]})

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002
        """What a page is sent; the text and the calls as far as they came."""
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        if key is None and not self.text:
            state["text"] = self.streamed
        if key is None:
            state["tools"] = list(self._uses.values())
        return state

    def set_state(self, sync_data: Any) -> None:
        """Nothing: a page shows an answer, and has no say in what it is; nor in the module that other pages load."""

    def __repr__(self) -> str:
        """Short: ipywidgets' own would write out every trait."""
        return f"<Answer of {self.model_name}>"


class AnswerStub(AnswerWidget):
    """The same for a page that has the module already, and its style."""

    _esm = STATIC / "stub.js"
    _css = ""


class WidgetView:
    """Drives one widget; all its messages are sent by the one thread that follows the ask."""

    def __init__(self, output: Output, acts: Acts, *, background: bool = False) -> None:
        """
        Args:
            output: where it is shown.
            acts: what its buttons do.
            background: whether the ask outlives its cell.
        """
        self._output = output
        self._acts = acts
        self._background = background
        self._widget: AnswerWidget | None = None

    def begin(self, ask: Ask, ask_id: str) -> None:
        """The widget appears, waiting."""
        kind = AnswerWidget if self._acts.miss is None else AnswerStub
        widget = self._widget = kind(ask_id=ask_id, model_name=ask.model)
        widget.on_msg(self._receive)
        shown = widget._repr_mimebundle_()  # noqa: SLF001  IPython's protocol, called as IPython does
        self._output.show(shown[0] if shown else {})

    def ledger(self, ledger: Ledger) -> None:
        """Said in the footer; the sidebar shows it."""
        if self._widget is not None:
            count = len(ledger.sent)
            self._widget.footer = f"{count} context item{'' if count == 1 else 's'}, {ledger.tokens:,} tokens"

    def text(self, delta: str) -> None:
        """Sent as a delta."""
        if self._widget is not None:
            self._widget.state = "streaming"
            self._widget.grow(delta)

    def tool(self, use: ToolUse) -> None:
        """Sent as what is news of that call."""
        if self._widget is not None:
            self._widget.call(use)

    def end(self, answer: Answer) -> None:
        """The form that stays takes the widget's place."""
        if self._widget is not None:
            with self._widget.hold_sync():
                if answer.shown != self._widget.streamed:
                    self._widget.text = answer.shown
                self._widget.footer = footer(answer)
                self._widget.notice = notice(answer)
                self._widget.cached = answer.cached or ""
                self._widget.state = _END_STATES.get(answer.ended, "done")
        self._output.finish(answer)
        self._close()

    def failed(self, error: AskanceError) -> None:
        """The widget goes; IPython shows the error."""
        if self._background:
            self._output.fail(error)
        else:
            self._output.show({"text/plain": ""})
        self._close()

    def _close(self) -> None:
        if self._widget is not None:
            layout = self._widget.layout
            self._widget.close()
            layout.close()  # a widget of its own, which a page would save with the notebook
            self._widget = None

    def _receive(self, widget: AnswerWidget, content: Any, _buffers: Any) -> None:
        kind, code = (content.get("type"), content.get("code")) if isinstance(content, dict) else (None, None)
        if kind == "stop":
            self._acts.stop(widget.ask_id)
        elif kind == "retry" and self._acts.retry is not None:
            self._acts.retry(widget.ask_id)
        elif kind == "need" and self._acts.miss is not None:
            self._acts.miss()
        elif kind == "insert" and isinstance(code, str) and 0 < len(code) <= MOST_CODE:
            self._acts.insert(code)
