"""What the server answers under /askance/api/. Enters: an authenticated, authorized request. Leaves: JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from askance import __version__


class KnownUserHandler(APIHandler):
    """Answers users alone, whatever the verb: the server's own handlers tell anyone which verbs there are."""

    auth_resource = "askance"
    SUPPORTED_METHODS = (*APIHandler.SUPPORTED_METHODS, "TRACE")

    async def prepare(self) -> None:  # type: ignore[override]  # as APIHandler does
        """Refuse before anything else is looked at.

        Raises:
            HTTPError: 403, nobody we know.
        """
        await super().prepare()
        if not self.current_user:
            raise web.HTTPError(403)

    def trace(self) -> None:
        """Answered by nobody.

        Raises:
            HTTPError: 405, always.
        """
        raise web.HTTPError(405)


class StatusHandler(KnownUserHandler):
    """GET status: that askance is installed beside this server, and its version."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer `{"version": "1.2.3"}`."""
        await self.finish(json.dumps({"version": __version__}))


HANDLERS: Mapping[str, type[KnownUserHandler]] = {"status": StatusHandler}
"""Path under /askance/api/ -> its handler."""
