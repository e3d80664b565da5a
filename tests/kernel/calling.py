"""A model in a kernel that calls for tools as it is told, round by round.

Enters: rounds: words, seconds, and calls as (tool, arguments). Leaves: cells to run, and what was asked of the model.
"""

from __future__ import annotations

import json

from kernel.live import Kernel, Outcome

_SETUP = """
def _say(rounds):
    import json
    from askance.kernel.extension import _loaded
    from askance.providers.replay import ReplayProvider
    from askance.records import CallChunk, ToolCall
    def chunk(number, step):
        if not isinstance(step, list):
            return step
        return CallChunk(ToolCall(id=f"c{number}", name=step[0], arguments=json.dumps(step[1])))
    (extension,) = _loaded.values()
    scripts = [[chunk(number, step) for number, step in enumerate(steps)] for steps in json.loads(rounds)]
    provider = globals()["_model"] = ReplayProvider(scripts[0], then=scripts[1:])
    extension._host.session().sender._providers["openai"] = provider
"""

KEY = {"OPENAI_API_KEY": "sk-of-a-test", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
"""What a kernel needs for a session; the address is never called."""


RESET = "%reset -f\nget_ipython().config.pop('Askance', None)\n%reload_ext askance"
"""A kernel as it was when it began, and with askance."""


def anew(running: Kernel) -> Model:
    """What answers in a kernel that served other tests before."""
    running.run("%load_ext askance")
    running.run(RESET)
    return Model(running)


class Model:
    """What answers in one kernel."""

    def __init__(self, running: Kernel) -> None:
        self._running = running
        assert not running.run(_SETUP).contents("error")

    def says(self, *rounds: list) -> None:
        """What it does when it is asked next, and after each round of calls; the last round goes for all that come."""
        told = json.dumps([[list(step) if isinstance(step, tuple) else step for step in steps] for steps in rounds])
        assert not self._running.run(f"_say({told!r})").contents("error")

    @property
    def results(self) -> list[str]:
        """What the tools gave it in the last request."""
        code = "import json; print(json.dumps([r.text for r in _model.requests[-1].prompt.messages[-1].results]))"
        return json.loads(self._running.run(code).printed)

    @property
    def asked(self) -> int:
        """How often it was asked since it was told what to say."""
        return int(self._running.run("print(len(_model.requests))").printed)

    @property
    def offered(self) -> list[str]:
        """The tools that the last request told of."""
        code = "import json; print(json.dumps([t.name for t in _model.requests[-1].prompt.tools]))"
        return json.loads(self._running.run(code).printed)


def runs(model: Model, running: Kernel, code: str, flags: str = "--allow run_python") -> tuple[str, Outcome]:
    """What `run_python` gave for a piece of code, and all that the asking cell published."""
    model.says([("run_python", {"code": code})], ["Done."])
    asked = running.run(f"%ask --fresh {flags} go on")
    (text,) = model.results
    return text, asked
