"""The last metre: the one place where bytes of ours go to the network.

Enters: an HTTP request as an SDK made it. Leaves: the same bytes, to the server it was made for and to no other, with no
more headers than that server needs, once they have passed `Outgoing`; or not a byte.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from ..errors import AskanceError, GateError, Unreachable
from .endpoint import Endpoint
from .hosts import shown
from .network import proxy_transport, tls
from .outgoing import Departure, Refused
from .unlogged import cover

HARMLESS = ("accept", "accept-encoding", "anthropic-version", "connection", "content-length", "content-type", "host")
HEADERS = frozenset(
    (*HARMLESS, "anthropic-beta", "api-key", "authorization", "idempotency-key", "user-agent", "x-api-key")
)
"""What leaves of an SDK's headers: neither the system and its version (x-stainless-*), nor cookies, nor trace ids."""

BATCHES = ("/batches", "/files", "/v1/messages/batches")
"""Where batches are handed over and fetched, below the servers' addresses; no other requests go there."""


def http_library(sdk: ModuleType) -> ModuleType:
    """httpx2, or its successor."""
    return import_module(sdk.DefaultAsyncHttpxClient.__base__.__module__.partition(".")[0])


def guarded(sdk: ModuleType, to: Endpoint) -> Any:
    """A transport that every request of a client goes through, whatever the SDK does.

    Args:
        sdk: the SDK's module.
        to: the only server there is.

    Raises:
        ConfigError: the certificates or the proxy that the user named are not there.
    """
    http = http_library(sdk)
    inner, home = _plain(http, to), http.URL(to.base_url)
    cover()  # the SDK may have been imported just now, and tells of a request before it comes here
    base: Any = http.AsyncBaseTransport

    class Guarded(base):  # type: ignore[misc]  # the base is known only once an SDK has imported it
        async def handle_async_request(self, request: Any) -> Any:
            cover()
            departure = await _pass(request, to, home)
            try:
                return await inner.handle_async_request(request)
            except (http.ConnectError, http.ConnectTimeout, http.ProxyError) as error:
                if to.outgoing is not None:
                    to.outgoing.stayed(departure)
                _refuse_untrusted(error, to)
                raise

        async def aclose(self) -> None:
            await inner.aclose()

    return Guarded()


def _plain(http: ModuleType, to: Endpoint) -> Any:
    needs_tls = "https:" in (to.base_url[:6].lower(), to.proxy[:6].lower())
    context = tls(http, to.certificates) if needs_tls else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if to.proxy:
        return proxy_transport(http, to.proxy, context)
    return http.AsyncHTTPTransport(verify=context, trust_env=False)


def _refuse_untrusted(error: BaseException, to: Endpoint) -> None:
    """Raise if it is a certificate that does not hold: there is no use in trying again."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        return
    said = f"nothing was sent to {to.shown}: its certificate cannot be verified ({cause.verify_message.rstrip('.')})"
    raise Refused(Unreachable(said, 'An authority of your own: %config Askance.ca_bundle = "path"')) from None


async def _pass(request: Any, to: Endpoint, home: Any) -> Departure:
    """Let a request through, or raise.

    Raises:
        Refused: it may not leave, or that cannot be told.
    """
    try:
        _stay(request.url, home, to)
        body: bytes = await request.aread()
        if request.headers.get("content-encoding", "identity") != "identity":
            raise GateError("A request was compressed and could not be looked at, so nothing was sent")
        _tidy(request.headers, to.headers, body)
        departure = _departure(request, body)
        if to.outgoing is not None:
            # A batch is large to look at, and nothing else has to wait for that.
            await asyncio.to_thread(to.outgoing.leave, departure) if to.batches else to.outgoing.leave(departure)
        return departure
    except AskanceError as error:
        raise Refused(error) from None
    except Exception as error:  # noqa: BLE001  whatever it is: what was not looked at does not leave
        raise Refused(
            GateError("A request could not be looked at, so nothing was sent", f"({type(error).__name__})")
        ) from None


def _stay(url: Any, home: Any, to: Endpoint) -> None:
    """Raise unless a request goes to its server, in the way that was judged to be safe."""
    same = (url.scheme, url.host, url.port) == (home.scheme, home.host, home.port)
    base = home.raw_path.partition(b"?")[0].rstrip(b"/")
    below = url.raw_path.startswith(base)
    as_judged = url.scheme == "https" or (url.host == to.host and (to.loopback or to.allow_http))
    if not (same and below and as_judged):
        raise GateError(f"A request was about to go to {url.host} in place of {to.host}, so nothing was sent")
    rest = url.raw_path[len(base) :].decode("ascii", "replace")
    if rest.startswith(BATCHES) != to.batches and not rest.startswith("/models"):
        raise GateError(f"A request was about to go to {url.path}, which is not what was asked for; nothing was sent")


def _tidy(headers: Any, more: Mapping[str, str], body: bytes) -> None:
    """Leave what the server needs; a body that was to be sent in chunks is read now, and goes whole."""
    for name in [name for name in headers if name.lower() not in HEADERS]:
        del headers[name]
    headers.update(more)
    if body:
        headers["content-length"] = str(len(body))


def _departure(request: Any, body: bytes) -> Departure:
    told = {name.lower(): value if name.lower() in HARMLESS else "" for name, value in request.headers.items()}
    return Departure(method=request.method, url=shown(str(request.url)), headers=told, body=body)
