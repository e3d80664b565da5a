"""Several questions in the background of one cell, in a real kernel."""

from kernel.live import Kernel, Outcome
from merged_model import answer
from scripted_server import Reply


def test_three_in_one_cell_are_one_request(kernel, serve):
    """Each answer stands in its own output; run again, nothing is asked."""
    server = serve(lambda request: Reply([answer(request.json["messages"][-1]["content"])]))
    running: Kernel = kernel(server)
    cell = "for what in ('one', 'two', 'three'):\n    get_ipython().run_line_magic('ask', f'--bg -c none {what}?')"
    seen = Outcome()
    running.finish(running.start(cell, "cell-1"), seen)
    running.run("%ask --wait")
    told = running.run(
        "from askance.facade import current\nprint([turn.answer for turn in current().transcript.threads()['main']])"
    ).printed
    assert told.strip() == "['re: one?', 're: two?', 're: three?']"
    assert len(server.asked) == 1
    running.run(cell, "cell-1")
    running.run("%ask --wait")
    assert len(server.asked) == 1
