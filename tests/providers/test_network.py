"""Where a request may go, with which key, and what of it a server learns."""

import asyncio
import json

import pytest
from fixtures_models import BOTH, collect, gated, make, text
from scripted_server import Reply, ScriptedServer, error
from wires import Proxy, Recorder

from askance.errors import AuthError, ConfigError, GateError
from askance.providers import registry
from askance.providers.hosts import loopback, require_safe
from askance.providers.network import proxy
from askance.settings import Settings

MINE = ["localhost", "LOCALHOST", "127.0.0.1", "127.0.0.2", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1"]
NOT_MINE = [
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "0.0.0.0",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "127.0.0.1.",
    "localhost.",
    "128.0.0.1",
    "::ffff:10.0.0.1",
    "127。0。0。1",
    "１２７.0.0.1",
    "ⓛocalhost",
    "localhos\u0442",
    "10.0.0.5",
    "::",
    "fe80::1",
    "",
]


def test_this_machine_is_told_by_number_or_by_its_one_name():
    """127/8, ::1 and localhost; nothing that merely looks so, and nothing that has to be looked up."""
    assert [host for host in MINE if not loopback(host)] == []
    assert [host for host in NOT_MINE if loopback(host)] == []


@pytest.mark.parametrize("host", [host for host in NOT_MINE if host])
def test_plain_http_to_another_machine_is_refused_before_anything_is_sent(host):
    """One line that says what to type; https to the same host is fine."""
    shown = f"[{host}]" if ":" in host else host
    with pytest.raises(ConfigError) as caught:
        require_safe(f"http://{shown}:8000/v1", ())
    assert "\n" not in str(caught.value)
    if "。" not in host:  # no part of an address in any case
        require_safe(f"https://{shown}:8000/v1", ())


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost@evil.example/v1",
        "http://127.0.0.1:80@evil.example/v1",
        "http://evil.example#@localhost/v1",
        "http://evil.example?@localhost/v1",
        "http://evil.example\\@localhost/v1",
        "http://local\thost/v1",
        "http://localhost /v1",
        "http://localhost:99999/v1",
        "http://[::1/v1",
        "HTTP://evil.example/v1",
        "//localhost/v1",
        "file:///etc/passwd",
        "unix://localhost/x",
    ],
)
def test_no_trick_with_an_address_makes_it_this_machine(address):
    """User names, fragments, backslashes, white space, odd schemes: refused in one line, without a password in it."""
    with pytest.raises(ConfigError) as caught:
        registry.make("server", Settings(base_url=address), {})
    assert "\n" not in str(caught.value)


def test_the_line_says_what_to_type_and_shows_no_password():
    """The name to allow stands in it, the login does not."""
    with pytest.raises(ConfigError, match=r'Type|type: %config Askance\.allow_http = \["gpu-box\.lan"\]') as caught:
        registry.make("server", Settings(base_url="http://me:hunter22@GPU-box.lan:8000/v1"), {})
    assert "hunter22" not in str(caught.value)
    with pytest.raises(ConfigError, match="allow_http"):
        registry.make("anthropic", Settings(), {"ANTHROPIC_BASE_URL": "http://gpu-box.lan"})


def test_no_password_of_an_address_is_shown_anywhere():
    """Not in what is wrong with it, not in why a model was chosen."""
    for wrong in ("me:hunter22@gpu.example", "ftp://me:hunter22@h", "http://me:hunter22@h:x/", "http://me:hunter22@[h"):
        with pytest.raises(ConfigError) as caught:
            registry.make("server", Settings(base_url=wrong), {})
        assert "hunter22" not in str(caught.value)
        assert "hunter22" not in registry.choose(Settings(base_url=wrong), {}, local_ready=bool).why
    for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL"):
        environ = {name: "https://me:hunter22@gpu.example/v1?key=hunter22"}
        assert "hunter22" not in registry.choose(Settings(), environ, local_ready=bool).why


def test_a_host_that_is_allowed_by_name_is_asked_plainly():
    """By its whole name and no other, through a proxy that stands for the network."""
    with Recorder() as server, Proxy({"gpu-box.lan:8000": server.port}) as way:
        settings = Settings(base_url="http://gpu-box.lan:8000/v1", allow_http=("GPU-box.lan",))
        provider = registry.make("server", settings, {"HTTP_PROXY": f"http://{way.address}"})
        assert text(asyncio.run(collect(provider, gated("q")))) == "yes"
    assert len(server.bodies) == 1
    for other in ("gpu-box.lan.evil.example", "evil-gpu-box.lan", "lan"):
        with pytest.raises(ConfigError, match="allow_http"):
            registry.make("server", Settings(base_url=f"http://{other}/v1", allow_http=("gpu-box.lan",)), {})


ALL_KEYS = {
    "OPENAI_API_KEY": "key-of-openai",
    "ANTHROPIC_API_KEY": "key-of-anthropic",
    "GEMINI_API_KEY": "key-of-gemini",
    "GOOGLE_API_KEY": "key-of-google",
}


@pytest.mark.parametrize(
    ("name", "settings", "environ", "key"),
    [
        ("openai", {}, {}, "key-of-openai"),
        ("openai", {"base_url": "https://api.openai.com/v1/"}, {}, "key-of-openai"),
        ("openai", {"base_url": "https://eu.api.openai.com/v1"}, {}, "key-of-openai"),
        ("server", {"base_url": "https://mine.openai.azure.com/openai/v1"}, {}, "key-of-openai"),
        ("openai", {"base_url": "https://notopenai.com/v1"}, {}, ""),
        ("openai", {"base_url": "https://api.openai.com.evil.example/v1"}, {}, ""),
        ("openai", {"base_url": "https://api.openai.com@evil.example/v1"}, {}, ""),
        ("server", {"base_url": "http://localhost:8000/v1"}, {}, ""),
        ("openai", {"base_url": "http://127.0.0.1:8000/v1"}, {}, ""),
        ("openai", {}, {"OPENAI_BASE_URL": "http://127.0.0.1:8000/v1"}, "key-of-openai"),
        ("server", {}, {"OPENAI_BASE_URL": "https://gateway.example/v1"}, "key-of-openai"),
        ("server", {"base_url": "https://other.example/v1"}, {"OPENAI_BASE_URL": "https://gateway.example/v1"}, ""),
        ("anthropic", {}, {"ANTHROPIC_BASE_URL": "https://gateway.example"}, "key-of-anthropic"),
        ("anthropic", {}, {"OPENAI_BASE_URL": "https://gateway.example"}, "key-of-anthropic"),
        ("anthropic", {"model": "anthropic:x", "base_url": "https://gateway.example"}, {}, ""),
        ("gemini", {}, {}, "key-of-gemini"),
        ("gemini", {"model": "gemini:x", "base_url": "https://storage.googleapis.com/v1"}, {}, ""),
        ("ollama", {}, {}, ""),
        ("ollama", {"model": "ollama:x", "base_url": "https://gpu.example/v1"}, {"ASKANCE_API_KEY": "mine"}, "mine"),
        ("openai", {"base_url": "https://gpu.example/v1"}, {"ASKANCE_API_KEY": "mine"}, "mine"),
        ("openai", {}, {"ASKANCE_API_KEY": "mine"}, "key-of-openai"),
    ],
)
def test_a_key_goes_to_its_issuer_or_to_the_address_beside_it(name, settings, environ, key):
    """A setting's address gets a key of its own or none, whatever other keys lie about."""
    to = registry.make(name, Settings(**settings), {**ALL_KEYS, **environ})._find()
    assert to.key == key


@BOTH
def test_no_key_reaches_a_server_that_only_a_setting_names(protocol):
    """Not in a header, not in a body: with every key in the environment."""
    with ScriptedServer([Reply(["a"])]) as server:
        url = server.anthropic_url if protocol == "anthropic" else server.base_url
        provider = registry.make(protocol, Settings(model=f"{protocol}:m", base_url=url), ALL_KEYS)
        asyncio.run(collect(provider, gated("q")))
        seen = json.dumps([request.headers for request in server.requests])
    assert [key for key in ALL_KEYS.values() if key in seen] == []


def test_a_server_that_wants_the_withheld_key_leads_to_its_own():
    """401: the line says which key was not sent where, and which variable to set."""
    with ScriptedServer([error(401, "no key")]) as server:
        provider = registry.make("openai", Settings(base_url=server.base_url), ALL_KEYS)
        with pytest.raises(AuthError, match=r"OPENAI_API_KEY is not sent to 127\.0\.0\.1.*%env ASKANCE_API_KEY="):
            asyncio.run(collect(provider, gated("q")))


@BOTH
def test_a_server_learns_nothing_of_this_machine(protocol, monkeypatch):
    """Neither its system and versions, nor headers, traces or cookies of others; nor anything from the process's variables."""
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "X-Ambient: ambient-secret")
    with ScriptedServer([Reply(["a"], headers={"Set-Cookie": "id=tracked; Path=/"})]) as server:
        provider = make(protocol, server)

        async def twice():
            return [await collect(provider, gated("q")) for _ in "ab"]

        asyncio.run(twice())
        names = {name for request in server.asked for name in request.headers}
    known = {"host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent"}
    own = {"authorization", "anthropic-version"} if protocol == "anthropic" else {"authorization"}
    assert own <= names <= known | own | {"idempotency-key"}


def test_headers_that_the_user_named_beside_the_key_go_along():
    """As the SDK has them, from the given environment; not to an address that a setting names."""
    with ScriptedServer([Reply(["a"])]) as server:
        headers = {"ANTHROPIC_CUSTOM_HEADERS": "X-Team: blue\nbroken\n", "ANTHROPIC_API_KEY": "k"}
        beside = {**headers, "ANTHROPIC_BASE_URL": server.anthropic_url}
        asyncio.run(collect(registry.make("anthropic", Settings(), beside), gated("q")))
        elsewhere = Settings(model="anthropic:m", base_url=server.anthropic_url)
        asyncio.run(collect(registry.make("anthropic", elsewhere, headers), gated("q")))
    assert [request.headers.get("x-team") for request in server.asked] == ["blue", None]


@BOTH
def test_a_netrc_is_not_for_models(protocol, tmp_path, monkeypatch):
    """Its password is for other programs, even if it names the host."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password netrc-secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with ScriptedServer([Reply(["a"])]) as server:
        asyncio.run(collect(make(protocol, server), gated("q")))
        seen = json.dumps(server.asked[0].headers)
    assert "Basic" not in seen
    assert "netrc-secret" not in seen


@BOTH
def test_a_proxy_of_the_processs_own_is_not_asked_for_this_machine(protocol, monkeypatch):
    """Neither SDK's habit counts: one of them would ask a proxy for loopback too."""
    with Proxy({}) as way, ScriptedServer([Reply(["a"])]) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://{way.address}")
        assert text(asyncio.run(collect(make(protocol, server), gated("q")))) == "a"
    assert way.heads == []


@pytest.mark.parametrize(
    ("address", "environ", "found"),
    [
        ("https://api.example/v1", {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ("https://api.example/v1", {"https_proxy": "p:1"}, "http://p:1"),
        ("https://api.example/v1", {"https_proxy": "http://low:1", "HTTPS_PROXY": "http://up:1"}, "http://low:1"),
        ("https://api.example/v1", {"HTTP_PROXY": "http://p:1"}, ""),
        ("http://gpu.lan/v1", {"HTTP_PROXY": "http://p:1"}, "http://p:1"),
        ("https://api.example/v1", {"ALL_PROXY": "socks5://p:1"}, "socks5://p:1"),
        ("https://api.example/v1", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, ""),
        ("https://api.example/v1", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "x, .example"}, ""),
        ("https://api.example/v1", {"HTTPS_PROXY": "http://p:1", "no_proxy": "api.example:443"}, ""),
        ("https://api.example/v1", {"HTTPS_PROXY": "http://p:1", "no_proxy": "api.example:80"}, "http://p:1"),
        ("https://api.example/v1", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "pi.example"}, "http://p:1"),
        ("https://10.1.2.3/v1", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"}, ""),
        ("https://10.1.2.3/v1", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.1.2.4"}, "http://p:1"),
        ("https://localhost/v1", {"HTTPS_PROXY": "http://p:1"}, ""),
        ("https://api.example/v1", {}, ""),
    ],
)
def test_the_usual_variables_name_the_proxy(address, environ, found):
    """Of the given environment, in either case; NO_PROXY takes names, networks and ports; never for this machine."""
    assert proxy(address, environ) == found


def test_a_wrong_proxy_is_one_line_without_its_password():
    """Which may stand in what was meant to be its address."""
    for wrong in ("ftp://me:hunter22@p:1", "http://me:hunter22@p:nan", "http://"):
        with pytest.raises(ConfigError, match="HTTPS_PROXY") as caught:
            registry.make("openai", Settings(), {"OPENAI_API_KEY": "k", "HTTPS_PROXY": wrong})
        assert "hunter22" not in str(caught.value)


class Sieve:
    """An `Outgoing` that keeps what passes, or refuses all."""

    def __init__(self, refuse=False):
        self.refuse, self.passed = refuse, []

    def leave(self, departure):
        """Keep it."""
        self.passed.append(departure)
        if self.refuse:
            raise GateError("Something secret was about to leave, so nothing was sent", "(KIND)")

    def stayed(self, departure):
        """Forget it."""
        self.passed.remove(departure)


def environ_for(server):
    """Keys and addresses of both SDKs."""
    return {
        "OPENAI_API_KEY": "k1",
        "OPENAI_BASE_URL": server.base_url,
        "ANTHROPIC_API_KEY": "k2",
        "ANTHROPIC_BASE_URL": server.anthropic_url,
    }


@pytest.mark.parametrize("name", ["openai", "openai-responses", "anthropic"])
def test_what_is_refused_at_the_last_metre_does_not_leave(name):
    """Not a connection is made, it is not tried again, and the one line comes out as it was said."""
    sieve = Sieve(refuse=True)
    with ScriptedServer([Reply(["a"])]) as server:
        provider = registry.make(name, Settings(), environ_for(server), outgoing=sieve)
        with pytest.raises(GateError, match="nothing was sent"):
            asyncio.run(collect(provider, gated("q")))
        assert (server.requests, server.open) == ([], 0)
    assert len(sieve.passed) == 1


@BOTH
def test_every_try_and_the_list_of_models_pass_the_last_metre(protocol):
    """Byte for byte what the server got, without the key."""
    sieve = Sieve()
    with ScriptedServer([error(500, "x"), Reply(["a"])]) as server:
        provider = registry.make(protocol, Settings(), environ_for(server), outgoing=sieve)
        model = "m" if protocol == "anthropic" else ""
        assert text(asyncio.run(collect(provider, gated("q", model=model)))) == "a"
        got = [request.body for request in server.requests]
    assert [one.body for one in sieve.passed] == got
    assert len(got) == (2 if protocol == "anthropic" else 3)
    assert all("k1" not in repr(one) and "k2" not in repr(one) for one in sieve.passed)


def test_a_body_that_is_made_as_it_goes_is_read_whole_first():
    """What passes is what arrives, all of it, in one piece."""
    import openai

    from askance.providers.transport import guarded, http_library

    http, sieve = http_library(openai), Sieve()

    async def parts():
        for part in (b"pro", b"mpt ", b"in parts"):
            yield part

    async def send(to, url):
        transport = guarded(openai, to)
        await (await transport.handle_async_request(http.Request("POST", url, content=parts()))).aread()
        await transport.aclose()

    with Recorder() as server:
        environ = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": f"{server.url}/v1"}
        to = registry.make("openai", Settings(), environ, outgoing=sieve)._find()
        asyncio.run(send(to, f"{server.url}/v1/x"))
    assert server.bodies == [one.body for one in sieve.passed] == [b"prompt in parts"]


def test_a_request_for_elsewhere_is_refused_whoever_makes_it():
    """Straight at the transport: another host, port, scheme, path, and what cannot be read."""
    import openai

    from askance.providers.outgoing import Refused
    from askance.providers.transport import guarded, http_library

    http, sieve = http_library(openai), Sieve()
    with ScriptedServer([Reply(["a"])]) as server, Recorder() as other:
        environ = environ_for(server)
        to = registry.make("openai", Settings(), environ, outgoing=sieve)._find()
        wrong = [
            ("POST", other.url + "/v1/x", {}),
            ("POST", server.base_url.replace("127.0.0.1", "127.0.0.2"), {}),
            ("POST", server.base_url.replace("127.0.0.1", "localhost"), {}),
            ("POST", server.base_url.replace("http:", "https:"), {}),
            ("POST", server.anthropic_url + "/elsewhere", {}),
            ("POST", server.base_url + "/chat/completions", {"content-encoding": "gzip"}),
        ]

        async def send(method, url, headers):
            transport = guarded(openai, to)
            try:
                await transport.handle_async_request(http.Request(method, url, headers=headers, content=b"prompt"))
            finally:
                await transport.aclose()

        for one in wrong:
            with pytest.raises(Refused):
                asyncio.run(send(*one))
        assert (server.requests, other.raw, sieve.passed) == ([], b"", [])


def test_hosts_and_certificates_are_set_in_a_cell():
    """As every setting, and as one value for the core."""
    from askance.kernel.config import Askance

    config = Askance(str)
    config.allow_http, config.ca_bundle = ["gpu-box.lan"], "ca.pem"
    settings = config.over(Settings())
    assert (settings.allow_http, settings.ca_bundle) == (("gpu-box.lan",), "ca.pem")
    assert "hunter22" not in repr(Settings(base_url="https://me:hunter22@gpu.example"))
