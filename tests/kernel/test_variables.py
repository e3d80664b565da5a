"""`_ask` and the name after "<<": at once, later, and never over what the user put there meanwhile."""

from __future__ import annotations

from scripted_server import Reply

from askance.kernel.view.variable import Variables
from askance.records import Answer


def answer(**more):
    """An answer."""
    return Answer(question="why", text="so", model="local", **more)


def test_the_handle_gives_way_to_the_answer():
    """Both names, unless one is somebody else's by then."""
    names = {}
    kept = Variables(names, "reply")
    kept.hold(handle := object())
    assert names == {"_ask": handle, "reply": handle}
    names["reply"] = "mine"
    kept.end(said := answer())
    assert names == {"_ask": said, "reply": "mine"}


def test_an_answer_that_is_faster_than_its_handle_stays():
    """The handle comes too late to take its place."""
    names = {}
    kept = Variables(names, "reply")
    kept.end(said := answer())
    kept.hold(object())
    assert names == {"_ask": said, "reply": said}


def test_what_is_no_object_is_not_kept_as_one():
    """Half an answer, or one that does not fit, is in `_ask` alone."""
    for more in ({"complete": False, "ended": "stopped"}, {"ended": "error"}):
        names = {"point": 1}
        Variables(names, "point", as_value=True).end(said := answer(**more))
        assert names == {"_ask": said, "point": 1}
    names = {}
    Variables(names, "point", as_value=True).end(answer(value=None))
    assert names["point"] is None


def test_names_in_a_real_kernel(kernel, serve):
    """While it is asked in the background there is a handle; after the waiting there are the answer and its object."""
    server = serve(Reply(["[1, ", 0.5, "2]"]))
    running = kernel(server)
    running.run("%ask --bg --json list -c none count << numbers")
    assert running.run("type(numbers).__name__, numbers is _ask").result == "('Background', True)"
    assert running.run("%ask --wait").printed == "1 answer is here.\n"
    assert running.run("numbers, _ask.value, _ask.complete").result == "([1, 2], [1, 2], True)"
    running.run("handle = None\n%ask --bg -c none again << other\nhandle, other = other, 5")
    running.run("%ask --wait")
    assert running.run("other, handle.result() is _ask").result == "(5, True)"
    assert "No ask runs" in running.run("%ask --wait").printed
