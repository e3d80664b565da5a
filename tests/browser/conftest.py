"""A real JupyterLab with a real kernel, seen through Debian's Chromium.

A missing browser skips these tests on a user's machine and fails them in CI.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from notebook_page import SHOTS
from scripted_server import Reply, ScriptedServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Lab:
    """A running JupyterLab: its address, its token, the folder it serves."""

    url: str
    token: str
    folder: Path

    def at(self, path: str) -> str:
        """The address of a page, token included."""
        return f"{self.url}/{path}{'&' if '?' in path else '?'}token={self.token}"

    def end_kernels(self) -> None:
        """Shut down what runs: dozens of idle kernels make the later tests slow."""
        with urllib.request.urlopen(self.at("api/sessions")) as response:
            sessions = json.load(response)
        for session in sessions:
            request = urllib.request.Request(self.at(f"api/sessions/{session['id']}"), method="DELETE")
            with suppress(urllib.error.HTTPError):  # one that is just coming or going
                urllib.request.urlopen(request).close()


@pytest.fixture(scope="session")
def model_server():
    """A scripted model: `model_server.say(reply)` sets what it answers from now on."""
    with ScriptedServer([Reply(["ok"])]) as server:
        yield server


@pytest.fixture(scope="session")
def lab(tmp_path_factory, model_server):
    """JupyterLab and Notebook 7 on loopback, their kernels asking the scripted server."""
    folder = tmp_path_factory.mktemp("lab")
    overrides = tmp_path_factory.mktemp("settings")
    (overrides / "overrides.json").write_text(
        '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}'
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(12)
    home = tmp_path_factory.mktemp("home")
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANTHROPIC_", "OPENAI_", "GEMINI_", "GOOGLE_", "ASKANCE_", "JPY_"))
    }
    environ |= {
        "HOME": str(home),
        "ASKANCE_CACHE_DIR": str(home / "askance"),
        "OPENAI_BASE_URL": model_server.base_url,
        "OPENAI_API_KEY": "test-key-of-no-value",
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
    command += [f"--LabApp.app_settings_dir={overrides}", "--LabApp.expose_app_in_browser=True"]
    with (folder.parent / "lab.log").open("w") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log, start_new_session=True)
    running = Lab(f"http://127.0.0.1:{port}", token, folder)
    try:
        _wait(running, process)
        yield running
    finally:
        process.terminate()
        process.wait(20)


def _wait(lab: Lab, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None, "JupyterLab did not start"
        try:
            with urllib.request.urlopen(lab.at("api/status"), timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("JupyterLab did not answer")


@pytest.fixture(scope="module")
def browser():
    """Chromium, without a window; for one file only, as playwright's event loop blocks the other tests' own."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing in CI")
        pytest.skip("no Chromium here: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, lab):
    """A page of its own, and kernels of its own; what was seen last is left in `shots/`."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    page.screenshot(path=SHOTS / "last.png")
    context.close()
    lab.end_kernels()


@pytest.fixture
def complaints(page) -> list[str]:
    """What the page complains of, but for JupyterLab's own about comms of a page that was reloaded."""
    heard: list[str] = []

    def hear(text: str) -> None:
        if not text.startswith("Comm not found"):
            heard.append(text)

    page.on("console", lambda message: hear(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: hear(str(error)))
    return heard
