"""Sees what hostile output does: scripts that run, requests that leave, dialogs, commands that are executed.

Enters: a page. Leaves: the counts; all of them are to be zero.
"""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from payloads import COMMAND

LISTEN = """
(() => {
    if (window !== window.top) return;
    const seen = (window.SEEN = { scripts: [], commands: 0 });
    Object.defineProperty(window, 'PWNED', { set: value => seen.scripts.push(String(value)), get: () => undefined });
    for (const name of ['alert', 'confirm', 'prompt']) window[name] = text => void seen.scripts.push(`${name}: ${text}`);
})()
"""
REGISTER = f"""
() => window.jupyterapp.commands.hasCommand('{COMMAND}') ||
    window.jupyterapp.commands.addCommand('{COMMAND}', {{ execute: () => void (window.SEEN.commands += 1) }})
"""

# Everything that an output holds is pointed at, focused and pressed, but for our buttons and links that lead to the web.
TOUCH = """
() => {
    const outputs = document.querySelectorAll('.jp-OutputArea, .askance-panel, .askance-answer, .jp-Cell-outputWrapper, #host');
    for (const output of outputs)
        for (const node of output.querySelectorAll('*')) {
            if (node.closest('button.askance-answer-button, button.askance-button')) continue;
            for (const type of ['pointerenter', 'mouseover', 'mouseenter', 'focus', 'focusin', 'toggle', 'animationstart'])
                node.dispatchEvent(new Event(type, { bubbles: true }));
            if (!node.closest('a[href^="http"], a[href^="mailto"], a[href^="#"], .jp-RenderedText a, input, .jp-OutputPrompt, .jp-OutputCollapser, summary'))
                node.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
        }
}
"""

# What an output's text may never be: elements that load or run, attributes that do, addresses that lead inside.
# In what is printed JupyterLab makes a link of whatever looks like an address; it reads as where it leads.
FOREIGN = """
() => {
    const outputs = '.jp-OutputArea-output, .askance-panel, #host, body.jp-Notebook, .jp-RenderedMarkdown';
    const found = [];
    for (const node of document.querySelectorAll(outputs))
        for (const one of node.querySelectorAll('*')) {
            const tag = one.tagName.toLowerCase();
            const picture = tag === 'img' && one.closest('.jp-icon3, .jp-RenderedImage');
            if (/^(?:script|img|iframe|object|embed|audio|video|style|link|base|meta|form|template|portal|textarea|select)$/.test(tag) &&
                !picture && !one.closest('mjx-container, mjx-assistive-mml')) found.push(tag);
            for (const { name, value } of one.attributes) {
                if (/^on|^srcset$|^src$|^ping$|^poster$|^background$|^formaction$|^data-commandlinker|^autofocus$/.test(name)) found.push(`${tag}.${name}`);
                const printed = tag === 'a' && one.closest('.jp-RenderedText') && one.textContent === value && !/script:/i.test(value);
                if (/^(?:xlink:)?href$/.test(name) && !printed && !/^(?:https?:|mailto:[^?]*$|#)/i.test(value)) found.push(`${tag}.${name}=${value}`);
                if (name === 'style' && /url\\(/i.test(value)) found.push(`${tag}.style=${value}`);
            }
        }
    return found;
}
"""


class Trap:
    """A server on loopback that nobody should ask: it counts who does."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        trap = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                trap.asked.append(self.path)
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()

            do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815  http.server's names

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Watch:
    """Watches one page from before its first document on."""

    def __init__(self, page: Any, trap: Trap, home: str) -> None:
        """
        Args:
            page: not yet at any address.
            trap: the server that the payloads name.
            home: how addresses begin that the page may ask for.
        """
        self._page = page
        self._trap = trap
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.popups: list[str] = []
        allowed = (home, "data:", "blob:", "about:", home.replace("http", "ws", 1))
        page.add_init_script(LISTEN)
        page.on("request", lambda one: None if one.url.startswith(allowed) else self.requests.append(one.url))
        page.on("dialog", self._on_dialog)
        page.on("popup", lambda other: self.popups.append(other.url))

    def _on_dialog(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":
            dialog.accept()
        else:
            self.dialogs.append(dialog.message)
            dialog.dismiss()

    def register(self) -> None:
        """Give JupyterLab the command that nothing may execute."""
        self._page.evaluate(REGISTER)

    def figures(self) -> dict[str, object]:
        """What happened, after everything shown has been touched."""
        foreign = self._page.evaluate(FOREIGN)
        address = self._page.url
        self._page.evaluate(TOUCH)
        self._page.wait_for_timeout(400)
        seen = self._page.evaluate("window.SEEN")
        return {
            "scripts": [*seen["scripts"], *self.dialogs],
            "requests": [*self.requests, *self._trap.asked],
            "commands": seen["commands"],
            "foreign": foreign,
            "elsewhere": [*self.popups, *([] if self._page.url == address else [self._page.url])],
        }


NOTHING = {"scripts": [], "requests": [], "commands": 0, "foreign": [], "elsewhere": []}
"""What hostile output may do."""
