"""How smoothly a page draws while an answer streams, by the page's own performance entries. Run by a benchmark.

    python tests/bench/browser_stream.py

Three clocks of the page: 'long-animation-frame' entries (a frame's work, from the first task to the drawing), 'longtask'
entries (one task of 50 ms or more), and the gaps between its animation frames. Not a test: a loaded machine drops
frames that we do not. What the page does when nothing streams is told beside it.
"""

from __future__ import annotations

import pytest
from answers import LAST, tokens
from figures import tell
from notebook_page import cell, final, open_lab, run, write
from scripted_server import Reply

SETUP = "%load_ext askance"
QUESTION = "%%ask --fresh\ngo on, number {n}"
LONGEST = 100
"""Milliseconds that no frame may take."""

WATCH = """() => {
  const seen = window.askanceFrames = { gaps: [], 'long-animation-frame': [], longtask: [], last: performance.now() };
  for (const type of ['long-animation-frame', 'longtask']) {
    const observer = new PerformanceObserver(list => seen[type].push(...list.getEntries().map(entry => entry.duration)));
    observer.observe({ type });
  }
  const frame = () => {
    const now = performance.now();
    seen.gaps.push(now - seen.last);
    seen.last = now;
    seen.on = requestAnimationFrame(frame);
  };
  seen.on = requestAnimationFrame(frame);
}"""

TAKE = """() => {
  const seen = window.askanceFrames;
  cancelAnimationFrame(seen.on);
  const most = numbers => Math.max(0, ...numbers);
  return { 'long-animation-frame': most(seen['long-animation-frame']), longtask: most(seen.longtask),
           'between frames': most(seen.gaps), frames: seen.gaps.length };
}"""


@pytest.mark.parametrize(("what", "every"), [("at 200 tokens a second", 0.005), ("at full speed", 0.0)])
def test_frames(page, lab, model_server, what, every):
    """4,000 tokens of prose, lists, tables, code and math."""
    name = f"frames-{round(every * 1000)}.ipynb"
    model_server.say(Reply(tokens(200)))
    write(lab.folder, name, [SETUP, QUESTION.format(n=1), QUESTION.format(n=2)])
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda payload: received.append(len(payload))))
    open_lab(page, lab, name)
    run(page, 0)
    run(page, 1)  # what a page loads for its first answer
    final(page, 1).get_by_text(LAST).wait_for()
    idle = _watched(page, lambda: page.wait_for_timeout(3000))
    answer = tokens(4000)
    model_server.say(Reply(answer, every=every))
    received.clear()

    def stream():
        run(page, 2, wait=False)
        final(page, 2).get_by_text(LAST).wait_for(timeout=90_000)
        page.wait_for_timeout(500)

    figures = _watched(page, stream)
    assert cell(page, 2).get_by_text(LAST).count() >= 1
    frames, size = figures.pop("frames"), len("".join(answer).encode())
    note = f"a page where nothing happens: {idle['between frames']:.0f} ms between frames; {frames} frames drawn"
    worst = max(figures.values())
    bar = f"<= {LONGEST} ms"
    tell(f"longest frame in JupyterLab, 4,000 tokens {what}", figures, "ms", bar=bar, met=worst <= LONGEST, note=note)
    tell(f"bytes the page received over the answer's, {what}", {"askance": sum(received) / size}, "x")


def _watched(page, action):
    page.evaluate(WATCH)
    action()
    return page.evaluate(TAKE)
