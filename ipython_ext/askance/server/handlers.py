"""What the server answers under /askance/api/. Enters: an authenticated, authorized request. Leaves: JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from askance import __version__


class StatusHandler(APIHandler):
    """GET status: that askance is installed beside this server, and its version."""

    auth_resource = "askance"

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer `{"version": "1.2.3"}`."""
        await self.finish(json.dumps({"version": __version__}))


HANDLERS: Mapping[str, type[APIHandler]] = {"status": StatusHandler}
"""Path under /askance/api/ -> its handler."""
