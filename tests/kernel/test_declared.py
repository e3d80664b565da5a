"""Tools that cells declare, called by a model in a real kernel."""

from kernel.calling import KEY, Model
from kernel.live import Kernel

DECLARED = """
import askance, threading
total = 0

@askance.tool
async def double(n: int) -> int:
    "Doubles."
    return 2 * n

@askance.tool(in_kernel=True, writes=["variables:total"], confirm=False)
def add(n: int) -> str:
    global total
    total += n
    return f"{total} {threading.current_thread() is threading.main_thread()}"

@askance.tool
def where() -> bool:
    return threading.current_thread() is threading.main_thread()
"""


def test_cells_declare_tools_that_a_model_calls(tmp_path):
    """On threads of their own, or where cells run, there in order; run again a cell replaces them; unloading forgets them."""
    (tmp_path / "work").mkdir()
    with Kernel(tmp_path, **KEY) as running:
        running.run("%load_ext askance")
        model = Model(running)
        assert not running.run(DECLARED).contents("error")
        model.says([("double", {"n": 21}), ("add", {"n": 1}), ("where", {}), ("add", {"n": 2})], ["Done."])
        asked = running.run("%ask --fresh --tools go on")
        assert not asked.contents("error")
        assert model.results == ["42", "1 True", "false", "3 True"]
        assert running.run("total, {u.state for u in _ask.tools}").result == "(3, {'done'})"
        running.run("@askance.tool\ndef double(n: int) -> int: return 3 * n")
        model.says([("double", {"n": 2})], ["Done."])
        running.run("%ask --fresh --tools go on")
        assert model.results == ["6"]
        assert running.run("%unload_ext askance\nprint(askance.tool)").printed.endswith("nothing declared>\n")
