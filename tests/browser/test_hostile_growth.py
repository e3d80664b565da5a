"""Hostile answers as they grow: cut at every character, the view holds nothing but what is allowed.

Driven in one page, delta by delta, by the module that the kernel sends.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from payloads import payloads
from watching import NOTHING, Trap, Watch

import askance

MODULE = Path(askance.__file__).parent / "kernel" / "view" / "static" / "answer.js"
# Frames are drawn when the test says so, and the clock runs so fast that the view never rests.
GROW = """
async ([module, texts]) => {
    let now = 0;
    const frames = [];
    performance.now = () => now;
    window.requestAnimationFrame = draw => frames.push(draw);
    window.setInterval = () => 1;
    const { default: widget } = await import(URL.createObjectURL(new Blob([module], { type: 'text/javascript' })));
    const TAGS = /^(?:a|blockquote|br|button|code|del|div|em|h[1-6]|hr|li|ol|p|pre|span|strong|sup|table|tbody|td|th|thead|tr|ul|math|semantics|none|m[a-z]+)$/;
    const FORBIDDEN = /^(?:marquee|meta|menu|main|map|mark|meter|maction|mglyph|malignmark)$/;
    const NAMES = /^(?:aria-[a-z]+|class|disabled|hidden|href|rel|role|start|style|tabindex|target|title|type|data-state|data-ask-id|data-label|[a-z]*(?:align|spacing|size|lines|span|style|depth|space|height|width|offset|color|variant|background|op|level|limits|under|accent|fence|form|separator|stretchy|symmetric|notation|thickness|display))$/;
    const bad = [];
    let drawn = 0;
    const look = (host, text) => {
        for (const node of host.querySelectorAll('*')) {
            const tag = node.localName;
            if (!TAGS.test(tag) || FORBIDDEN.test(tag)) bad.push([tag, text]);
            for (const { name, value } of node.attributes) {
                if (!NAMES.test(name)) bad.push([`${tag}.${name}`, text]);
                if (name === 'href' && (tag !== 'a' || !/^(?:https?:\\/\\/[!-~]+|mailto:[!-~]+)$/.test(value) || node.rel !== 'noopener noreferrer')) bad.push([value, text]);
                if (/^(?:style|href|class)$/.test(name) && /url\\s*\\(|expression|javascript:/i.test(value)) bad.push([value, text]);
            }
        }
    };
    for (const text of texts) {
        const host = document.getElementById('host').appendChild(document.createElement('div'));
        const traits = { ask_id: 'a', cached: text, footer: text, model_name: text, notice: text, stale: text, state: 'streaming', text: '' };
        const handlers = {};
        const fire = (name, ...given) => (handlers[name] ?? []).forEach(handle => handle(...given));
        const model = {
            get: name => traits[name],
            set: (name, value) => void ((traits[name] = value), fire(`change:${name}`)),
            on: (name, handle) => void (handlers[name] ??= []).push(handle),
            off: () => undefined,
            send: message => bad.push([JSON.stringify(message), text])
        };
        widget.initialize({ model });
        const end = widget.render({ model, el: host });
        const signs = [...text];
        for (let at = 0; at < signs.length; at += 1) {
            now += 1e4;
            fire('msg:custom', { type: 'delta', start: at, text: signs[at] });
            frames.splice(0).forEach(draw => draw());
            look(host, signs.slice(0, at + 1).join(''));
            drawn += host.querySelector('.askance-answer-body').textContent.length > 0;
        }
        model.set('state', 'done');
        frames.splice(0).forEach(draw => draw());
        look(host, text);
        if (traits.text !== text) bad.push(['lost', text]);
    }
    return { bad, drawn };
}
"""


@pytest.fixture
def trap():
    """A server that nobody should ask."""
    with Trap() as trap:
        yield trap


def test_cut_anywhere_it_is_text(browser, trap):
    """After every piece the tree has only what is on the list; nothing ran, nothing was asked for, nothing was sent."""
    page = browser.new_page()
    watch = Watch(page, trap, "about:")
    page.goto("about:blank")
    page.evaluate("document.body.innerHTML = '<div id=host></div>'")
    texts = [one.text for one in payloads(trap.url)]
    result = page.evaluate(GROW, [MODULE.read_text(), texts])
    assert result["bad"] == []
    assert result["drawn"] > 0.9 * sum(map(len, texts)) > 10_000
    assert watch.figures() == NOTHING
    page.close()
