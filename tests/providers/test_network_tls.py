"""A server shows a certificate that somebody trusted has signed, for its own name, today; or nothing is sent."""

import asyncio
import os
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from fixtures_models import collect, gated, text
from wires import Proxy, Recorder

from askance.errors import ConfigError, Unreachable
from askance.providers import registry
from askance.settings import Settings

SECRET = "the words of the question"
PROTOCOLS = pytest.mark.parametrize("protocol", ["openai", "anthropic"])


@pytest.fixture(scope="module")
def authority():
    """Somebody whom nobody trusts yet."""
    return trustme.CA()


@pytest.fixture
def bundle(authority, tmp_path):
    """The authority's certificate, in a file."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


def context_of(certificate):
    """A server's TLS context."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def provider_for(protocol, url, settings=(), **environ):
    """A provider for a server behind TLS."""
    keys = {"OPENAI_API_KEY": "k", "ANTHROPIC_API_KEY": "k"}
    urls = {"OPENAI_BASE_URL": f"{url}/v1", "ANTHROPIC_BASE_URL": url}
    return registry.make(protocol, Settings(**dict(settings)), {**keys, **urls, **environ})


def asked(provider):
    """The answer's text."""
    return text(asyncio.run(collect(provider, gated(SECRET))))


@contextmanager
def refused(server):
    """Nothing but the handshake reaches a server, and the line says why."""
    with pytest.raises(Unreachable, match="certificate cannot be verified"):
        yield
    assert (server.raw, server.bodies) == (b"", [])


@PROTOCOLS
def test_an_authority_is_trusted_where_the_user_says_so(protocol, authority, bundle):
    """Refused without; accepted by setting, by file, by the variable that other programs use."""
    with Recorder(protocol=protocol, context=context_of(authority.issue_cert("127.0.0.1"))) as server:
        with refused(server):
            asked(provider_for(protocol, server.url))
        assert asked(provider_for(protocol, server.url, {"ca_bundle": bundle})) == "yes"
        assert asked(provider_for(protocol, server.url, SSL_CERT_FILE=bundle)) == "yes"
        assert asked(provider_for(protocol, server.url, REQUESTS_CA_BUNDLE=bundle)) == "yes"
    assert len(server.bodies) == 3


def test_only_the_given_environment_names_authorities(authority, bundle, monkeypatch):
    """And the setting wins over it."""
    monkeypatch.setenv("SSL_CERT_FILE", bundle)
    with Recorder(context=context_of(authority.issue_cert("127.0.0.1"))) as server:
        with refused(server):
            asked(provider_for("openai", server.url))
        other = os.path.join(os.path.dirname(bundle), "other.pem")
        trustme.CA().cert_pem.write_to_path(other)
        with refused(server):
            asked(provider_for("openai", server.url, {"ca_bundle": other}, SSL_CERT_FILE=bundle))
        assert asked(provider_for("openai", server.url, {"ca_bundle": bundle}, SSL_CERT_FILE=other)) == "yes"


@PROTOCOLS
@pytest.mark.parametrize("fault", ["expired", "not yet", "another host", "another authority", "self-signed"])
def test_a_certificate_that_does_not_hold_is_refused(protocol, fault, authority, bundle):
    """Before a byte of the question, and of the key, has gone."""
    now = datetime.now(UTC)
    certificate = {
        "expired": lambda: authority.issue_cert("127.0.0.1", not_after=now - timedelta(days=1)),
        "not yet": lambda: authority.issue_cert("127.0.0.1", not_before=now + timedelta(days=1)),
        "another host": lambda: authority.issue_cert("127.0.0.2", "localhost", "api.openai.com"),
        "another authority": lambda: trustme.CA().issue_cert("127.0.0.1"),
        "self-signed": lambda: trustme.CA().issue_cert("127.0.0.1", common_name="127.0.0.1"),
    }[fault]()
    with Recorder(protocol=protocol, context=context_of(certificate)) as server, refused(server):
        asked(provider_for(protocol, server.url, {"ca_bundle": bundle}))


SWITCHES = {
    "PYTHONHTTPSVERIFY": "0",
    "CURL_CA_BUNDLE": "",
    "REQUESTS_CA_BUNDLE": "",
    "SSL_CERT_FILE": "",
    "SSL_CERT_DIR": "",
    "NODE_TLS_REJECT_UNAUTHORIZED": "0",
    "GIT_SSL_NO_VERIFY": "1",
    "HTTPX_VERIFY": "false",
    "OPENAI_VERIFY_SSL": "false",
    "ANTHROPIC_VERIFY_SSL": "false",
    "ASKANCE_VERIFY": "false",
    "VERIFY": "false",
}


@PROTOCOLS
def test_no_variable_switches_checking_off(protocol, authority, monkeypatch):
    """Neither of the process nor of the given environment; and no setting is there to do it."""
    for name, value in SWITCHES.items():
        monkeypatch.setenv(name, value)
    with Recorder(protocol=protocol, context=context_of(authority.issue_cert("127.0.0.1"))) as server, refused(server):
        asked(provider_for(protocol, server.url, **SWITCHES))
    assert [name for name in vars(Settings()) if "verify" in name or "insecure" in name] == []


def test_certificates_that_are_not_there_are_one_line(tmp_path):
    """A missing file, an empty one, one that is none: with what to type, before anything is sent."""
    (tmp_path / "empty.pem").write_text("")
    (tmp_path / "none.pem").write_text("no certificate\n")
    with Recorder() as server:
        for name in ("missing.pem", "empty.pem", "none.pem"):
            path = str(tmp_path / name)
            with pytest.raises(ConfigError, match="ca_bundle") as caught:
                asked(provider_for("openai", server.url.replace("http:", "https:"), {"ca_bundle": path}))
            assert "\n" not in str(caught.value)
    assert server.raw == b""


@PROTOCOLS
def test_a_proxy_sees_the_hosts_name_and_nothing_else(protocol, authority, bundle):
    """TLS goes through it to the end, with the user's own authority; question and key are not visible on the way."""
    context = context_of(authority.issue_cert("api.example"))
    with Recorder(protocol=protocol, context=context) as server, Proxy({"api.example:443": server.port}) as way:
        environ = {"HTTPS_PROXY": f"http://{way.address}", "SSL_CERT_FILE": bundle}
        assert asked(provider_for(protocol, "https://api.example", **environ)) == "yes"
        with refused_after(server, 1):
            asked(provider_for(protocol, "https://api.example", HTTPS_PROXY=f"http://{way.address}"))
    assert [head.splitlines()[0] for head in way.heads] == ["CONNECT api.example:443 HTTP/1.1"] * len(way.heads)
    assert SECRET.encode() in server.bodies[0]
    assert SECRET.encode() not in way.raw
    assert b"Bearer" not in way.raw


@contextmanager
def refused_after(server, count):
    """No more requests than there were."""
    with pytest.raises(Unreachable, match="certificate cannot be verified"):
        yield
    assert len(server.bodies) == count


def test_a_proxy_in_the_middle_is_refused(authority, bundle):
    """One that answers in the server's place, with a certificate of its own."""
    with (
        Recorder(context=context_of(trustme.CA().issue_cert("api.example"))) as thief,
        Proxy({"api.example:443": thief.port}) as way,
        refused(thief),
    ):
        asked(provider_for("openai", "https://api.example", HTTPS_PROXY=way.address, SSL_CERT_FILE=bundle))


def test_a_proxys_password_is_used_and_never_shown(authority, bundle):
    """Not in an error, not in what is noted, not in any repr."""
    with (
        Recorder(context=context_of(authority.issue_cert("api.example"))) as server,
        Proxy({"api.example:443": server.port}, login="me:hunter22") as way,
    ):
        good = provider_for(
            "openai", "https://api.example", HTTPS_PROXY=f"http://me:hunter22@{way.address}", SSL_CERT_FILE=bundle
        )
        assert asked(good) == "yes"
        wrong = provider_for("openai", "https://api.example", HTTPS_PROXY=f"http://me:hunter23@{way.address}")
        with pytest.raises(Unreachable) as caught:
            asked(wrong)
    shown = f"{caught.value!r} {caught.value} {good._find()!r} {wrong._find()!r}"
    assert "hunter2" not in shown
    assert len(server.bodies) == 1
