"""Every route that we add to a Jupyter server, by every verb: without the token there is nothing to learn."""

from __future__ import annotations

import re

import pytest
from jupyter_server.auth.decorator import authorized
from server.conftest import TOKEN
from tornado import web
from tornado.web import RequestHandler

import askance
from askance.server.handlers import HANDLERS, KnownUserHandler

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
KNOWN = {"Authorization": f"token {TOKEN}"}
STRANGERS = {
    "nobody": ("", {}),
    "wrong token": ("", {"Authorization": "token wrong"}),
    "wrong bearer": ("", {"Authorization": "Bearer wrong"}),
    "wrong token in the address": ("?token=wrong", {}),
    "forged cookie": ("", {"Cookie": "username-127-0-0-1=2|1:0|10:1|8:username|4:YQ==|0; _xsrf=1", "X-XSRFToken": "1"}),
    "another page": ("", {"Origin": "https://evil.example", "Referer": "https://evil.example/"}),
}
OUTSIDE = ("../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "x%00y")


def path_of(pattern: str, value: str = "x") -> str:
    """A path that a route's pattern matches, `value` in place of whatever may stand there."""
    path = re.sub(r"\((?:[^()]|\([^()]*\))*\)[*+?]?", lambda _: value, pattern.removesuffix("$"))
    return path.replace("\\", "")


def test_the_application_has_the_routes_that_the_table_names(server):
    """None is added anywhere else, so none is missing from these tests."""
    named = {(f"/askance/api/{path}$", handler.__name__) for path, handler in HANDLERS.items()}
    assert {(pattern.replace("\\", ""), name) for pattern, name in server.routes} == named


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("stranger", STRANGERS)
def test_no_verb_of_any_route_answers_a_stranger(server, verb, stranger):
    """403, whether the verb is known there or not, and no word about us."""
    query, headers = STRANGERS[stranger]
    for pattern, _ in server.routes:
        status, body, told = server.ask(verb, path_of(pattern) + query, headers)
        assert status == 403 or (status == 404 and "Origin" in headers), (verb, pattern)
        assert askance.__version__.encode() not in body
        assert "Allow" not in told


@pytest.mark.parametrize("verb", CHANGING)
def test_a_cookie_alone_changes_nothing(server, verb):
    """A page elsewhere makes the browser send it; without the token of the form that is not enough."""
    _, _, told = server.ask("GET", f"/api/status?token={TOKEN}")
    cookie = told["Set-Cookie"].split(";")[0]
    for pattern, _ in server.routes:
        assert server.ask("GET", path_of(pattern), {"Cookie": cookie})[0] == 200
        assert server.ask(verb, path_of(pattern), {"Cookie": cookie})[0] == 403


def test_a_user_is_told_which_verbs_there_are_not(server):
    """405, and only for those whom the server knows."""
    for pattern, name in server.routes:
        handler = next(one for one in HANDLERS.values() if one.__name__ == name)
        for verb in VERBS:
            there = verb == "OPTIONS" or verb.lower() in vars(handler)
            assert (server.ask(verb, path_of(pattern), KNOWN)[0] == 405) is not there


def test_a_path_in_a_route_stays_inside_of_the_servers_folder(server):
    """No route takes one now; one that will is asked for files elsewhere here."""
    for pattern, _ in server.routes:
        for value in OUTSIDE:
            path = path_of(pattern, value) if "(" in pattern else f"{path_of(pattern)}/{value}"
            status, body, _ = server.ask("GET", path, KNOWN)
            assert status in (400, 403, 404), path
            assert b"root:" not in body


def decorators(method: object) -> list[str]:
    """What a method is wrapped in, the outermost first."""
    found = []
    while method is not None:
        found.append(method.__code__.co_qualname.split(".")[0])
        method = getattr(method, "__wrapped__", None)
    return found[:-1]


@pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS)
def test_each_verb_of_a_handler_asks_who_it_is_and_whether_they_may(handler):
    """Both decorators, in this order, on all that our own classes answer."""
    assert issubclass(handler, KnownUserHandler)
    assert handler.auth_resource == "askance"
    assert handler.prepare is KnownUserHandler.prepare
    own = [one for one in handler.__mro__ if one.__module__.startswith("askance") and one is not KnownUserHandler]
    verbs = [vars(one)[verb.lower()] for one in own for verb in VERBS if verb.lower() in vars(one)]
    assert verbs
    assert all(decorators(verb)[:2] == ["authenticated", "authorized"] for verb in verbs)


def test_the_check_of_decorators_sees_one_that_is_missing():
    """Otherwise it would prove nothing."""
    assert decorators(RequestHandler.get) == []
    assert decorators(authorized(RequestHandler.get)) == ["authorized"]
    assert decorators(web.authenticated(RequestHandler.get)) == ["authenticated"]
    assert decorators(authorized(web.authenticated(RequestHandler.get))) == ["authorized", "authenticated"]
