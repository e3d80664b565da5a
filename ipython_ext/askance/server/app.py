"""The server extension. Enters: the Jupyter server as it starts. Leaves: our handlers, added to its web application."""

from __future__ import annotations

from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join

from .handlers import HANDLERS


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Called by the Jupyter server, by this name."""
    base = server.web_app.settings["base_url"]
    routes = [(url_path_join(base, "askance", "api", path), handler) for path, handler in HANDLERS.items()]
    server.web_app.add_handlers(".*$", routes)  # type: ignore[no-untyped-call]
