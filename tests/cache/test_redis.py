"""A real Redis server as a tier: what it holds, who may use it, and that nothing of its address is ever shown."""

import logging
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from math import inf

import pytest
import redis
import trustme
from fixtures_redis import redis_server, running

from askance.cache.kept import Kept
from askance.cache.redis.tier import LARGEST, RedisTier
from askance.errors import ConfigError
from askance.testing import FakeClock

__all__ = ["redis_server"]

SECRET = "hunter2secret"


def patient(future, seconds):
    """A busy machine is no fault here."""
    return Future.result(future, 30)


@pytest.fixture
def make():
    """Makes tiers and closes them."""
    made = []

    def new(url, environ=None, **options):
        made.append(RedisTier(url, environ, **{"wait": patient, **options}))
        return made[-1]

    yield new
    for tier in made:
        tier.close()


def admin(server, **options):
    return redis.Redis(port=server.port, **options)


def works(tier):
    """Whether it keeps and gives."""
    tier.set("key", Kept("kept"), 60)
    found = tier.get("key")
    return found is not None and found.text == "kept" and tier.problem == ""


# ---- rows


def test_rows_are_ascii_text_under_a_prefix_with_a_time(redis_server, make):
    """As `redis-cli` sees them."""
    tier, client = make(redis_server.url, row_format=7), admin(redis_server)
    tier.set("day", Kept("0123\nkey"), 86_400)
    tier.set("ever", Kept("x"), inf)
    tier.set("short", Kept("x"), 0.0001)
    assert client.get("askance:7:day") == b"0123\nkey"
    assert 86_390_000 < client.pttl("askance:7:day") <= 86_400_000
    assert client.pttl("askance:7:ever") == -1
    assert client.pttl("askance:7:short") <= 1


def test_nothing_else_on_that_server_is_touched(redis_server, make):
    """Other people's keys, and answers of other formats; with more keys than one look takes."""
    client = admin(redis_server)
    others = ["askance:30:a", "askance:2:a", "askance:", "other", "xaskance:3:a"]
    client.mset(dict.fromkeys(others, "mine") | {f"other:{number}": "x" for number in range(3000)})
    tier = make(redis_server.url, row_format=3)
    for number in range(1500):
        client.set(f"askance:3:{number}", "12345")
    assert tier.stats() == {"entries": 1500, "bytes": 7500}
    tier.clear()
    assert tier.stats() == {"entries": 0, "bytes": 0}
    assert client.mget(others) == [b"mine"] * 5
    assert client.dbsize() == 3005


def test_of_a_huge_value_no_more_is_read_than_fits(redis_server, make):
    """Counted in the bytes that the server sent; the value is a miss."""
    client = admin(redis_server)
    client.set("askance:3:huge", b"x" * (16 * LARGEST))
    tier = make(redis_server.url, row_format=3)
    before = client.info("stats")["total_net_output_bytes"]
    assert tier.get("huge") is None
    sent = client.info("stats")["total_net_output_bytes"] - before
    assert LARGEST <= sent < LARGEST + 100_000
    assert tier.problem == ""


@pytest.mark.parametrize("planted", [b"\xff\xfe\x00", "ü".encode(), b"", b"\x80\x04cposix\nsystem\n"])
def test_what_cannot_be_ours_is_a_miss(redis_server, make, planted):
    """Bytes are never decoded by guess, nor run."""
    admin(redis_server).set("askance:3:key", planted)
    tier = make(redis_server.url, row_format=3)
    assert tier.get("key") is None
    assert tier.problem == ""
    assert works(tier)


def test_another_kind_of_value_is_a_miss_and_is_replaced(redis_server, make):
    """One wrong key turns nothing off."""
    client = admin(redis_server)
    client.rpush("askance:3:key", "a", "b")
    client.sadd("askance:3:set", "a")
    tier = make(redis_server.url, row_format=3)
    assert tier.get("key") is None
    assert tier.stats()["entries"] == 2
    assert works(tier)
    tier.clear()
    assert client.dbsize() == 0


def test_a_connection_that_the_server_ended_is_made_again_at_once(redis_server, make):
    """Servers end idle ones: that is no failure, not even a miss."""
    tier, client = make(redis_server.url), admin(redis_server)
    assert works(tier)
    for _ in range(3):
        client.client_kill_filter(_type="normal", skipme=True)
        assert tier.get("key").text == "kept"
    assert tier.problem == ""


# ---- addresses


def test_a_socket_and_a_database_may_be_named(redis_server, make):
    """By path and by number."""
    assert works(make(f"unix://{redis_server.socket}?db=5"))
    assert works(make(f"{redis_server.url}/3"))
    assert [admin(redis_server, db=number).dbsize() for number in (0, 3, 5)] == [0, 1, 1]


@pytest.mark.parametrize(
    "url",
    [
        f"http://:{SECRET}@host",
        f"host:{SECRET}",
        f"redis://:{SECRET}@host:port",
        f"redis://:{SECRET}@host:99999",
        f"redis://:{SECRET}/x@host",
        f"redis://user:12/{SECRET}@host",
        f"redis://:{SECRET}#x@host",
        f"redis://user:12#{SECRET}@host",
        f"redis://user:12?{SECRET}@host",
        f"redis://host/{SECRET}",
        f"redis://[{SECRET}",
        f"unix://{SECRET}",
        "",
        "redis",
    ],
)
def test_a_wrong_address_is_said_at_once_without_a_word_of_it(url):
    """A password with a slash in it reads like a host or a port: none of the address is quoted."""
    with pytest.raises(ConfigError) as caught:
        RedisTier(url)
    line = str(caught.value)
    assert line.startswith("redis_url is not the address of a Redis server. Type it like ")
    assert SECRET not in line and "12" not in line
    assert caught.value.__cause__ is None or SECRET not in str(caught.value.__cause__)
    assert "\n" not in line


def test_options_in_the_address_cannot_make_it_slow_or_odd(redis_server, make):
    """Timeouts, retries, decoding and the protocol are ours."""
    options = "socket_timeout=1000&socket_connect_timeout=1000&retry_on_timeout=yes&retry_on_error=x&protocol=3"
    tier = make(f"{redis_server.url}?{options}&decode_responses=True&health_check_interval=1")
    assert works(tier)
    held = next(iter(tier._links.values()))._client.connection_pool.connection_kwargs
    assert (held["socket_timeout"], held["socket_connect_timeout"], held["protocol"]) == (0.5, 0.5, 2)
    assert held["retry"].get_retries() == 0


@pytest.mark.parametrize("option", ["nosuchthing=1", "socket_timeout=abc", "db=x", "max_connections=-1"])
def test_an_option_that_is_wrong_is_one_line(redis_server, make, option):
    """Found out when it is used first; the rest of the address is not shown."""
    tier = make(f"redis://:{SECRET}@{redis_server.place}?{option}")
    assert tier.get("key") is None
    assert tier.problem.startswith("redis off: an option in redis_url is wrong")
    assert SECRET not in tier.problem and "\n" not in tier.problem


# ---- who may use it


@pytest.fixture
def guarded(tmp_path):
    """A server that knows one user, with no more rights than the hint asks for."""
    rights = "~askance:* +getrange +set +unlink +scan +strlen"
    users = f"--user default off --user ann on >{SECRET} {rights}"
    with running(tmp_path, *users.split()) as server:
        yield server


def test_user_and_password_come_from_the_address_or_the_environment(guarded, make):
    """Each also by halves."""
    name, word = {"ASKANCE_REDIS_USERNAME": "ann"}, {"ASKANCE_REDIS_PASSWORD": SECRET}
    assert works(make(f"redis://ann:{SECRET}@{guarded.place}"))
    assert works(make(guarded.url, name | word))
    assert works(make(f"redis://ann@{guarded.place}", word))
    tier = make(f"redis://ann:{SECRET}@{guarded.place}", name | word)
    assert works(tier)
    tier.clear()
    assert tier.stats() == {"entries": 0, "bytes": 0}
    assert tier.problem == ""


@pytest.mark.parametrize(
    ("url", "environ"),
    [
        ("redis://{place}", {}),
        ("redis://{place}", {"ASKANCE_REDIS_PASSWORD": SECRET}),
        ("redis://ann:wrong" + SECRET + "@{place}", {}),
        ("redis://bob:" + SECRET + "@{place}", {}),
        ("redis://{place}?password=x" + SECRET, {}),
    ],
)
def test_who_is_refused_is_told_what_to_set_and_nothing_secret(guarded, make, caplog, capfd, url, environ):
    """Not in the line, not in a repr, not in a log."""
    with caplog.at_level(logging.DEBUG):
        tier = make(url.format(place=guarded.place), environ)
        assert tier.get("key") is None
        tier.set("key", Kept("x"), 60)
    assert tier.problem.startswith(f"redis off: {guarded.place} ")
    assert tier.problem.endswith("Set ASKANCE_REDIS_USERNAME and ASKANCE_REDIS_PASSWORD in the environment")
    told = [tier.problem, repr(tier), repr(tier._address), caplog.text, *capfd.readouterr()]
    link = next(iter(tier._links.values()))
    told += [repr(link), repr(link._client), repr(link._client.connection_pool)]
    assert not [text for text in told if SECRET in text]


def test_a_user_who_may_only_read_reads(make, tmp_path):
    """What may not be written is one line, what is there is found."""
    users = "--user default on nopass ~* +@all --user eve on >x ~* +getrange"
    with running(tmp_path, *users.split()) as one:
        admin(one).set("askance:3:key", "kept")
        tier = make(f"redis://eve:x@{one.place}", row_format=3)
        tier.set("key", Kept("new"), 60)
        assert tier.get("key").text == "kept"
        assert tier.problem.startswith(f"redis keeps nothing new: {one.place} does not let this user do it")
        assert "~askance:* +getrange +set" in tier.problem


# ---- TLS


@pytest.fixture
def authority():
    """Signs certificates."""
    return trustme.CA()


def certified(folder, authority, *options):
    """A server with a certificate for 127.0.0.1."""
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    files = {"cert": "certificate.pem", "key": "key.pem", "ca-cert": "ca.pem"}
    named = [word for kind, name in files.items() for word in (f"--tls-{kind}-file", str(folder / name))]
    return running(folder, *named, *options, tls=True)


def test_tls_with_an_authority_of_ones_own(tmp_path, make, authority):
    """And with one that did not sign it: refused, as is none at all; plain Redis does not pass for it."""
    with certified(tmp_path, authority, "--tls-auth-clients", "no") as server:
        assert works(make(f"{server.url}?ssl_ca_certs={tmp_path / 'ca.pem'}"))
        trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
        for options in (f"?ssl_ca_certs={tmp_path / 'other.pem'}", ""):
            tier = make(server.url + options)
            assert tier.get("key") is None
            assert tier.problem.startswith(f"redis off: the TLS certificate of {server.place} is not trusted")
            assert "ssl_ca_certs" in tier.problem
        assert works(make(f"{server.url}?ssl_cert_reqs=none"))
        plain = make(f"redis://{server.place}")
        assert plain.get("key") is None
        assert plain.problem.startswith(f"redis off: {server.place} closes the connection")
        absent = make(f"{server.url}?ssl_ca_certs={tmp_path / 'absent.pem'}")
        assert absent.get("key") is None
        assert absent.problem.startswith("redis off: a file that redis_url names is not there")


def test_tls_for_another_name_is_refused(tmp_path, make, authority):
    """The certificate is for 127.0.0.1."""
    with certified(tmp_path, authority, "--tls-auth-clients", "no") as server:
        tier = make(f"rediss://localhost:{server.port}?ssl_ca_certs={tmp_path / 'ca.pem'}")
        assert tier.get("key") is None
        assert "is not trusted" in tier.problem


def test_tls_with_a_certificate_of_the_users(tmp_path, make, authority):
    """Where the server wants one."""
    mine = authority.issue_cert("ann@example.org")
    mine.private_key_and_cert_chain_pem.write_to_path(tmp_path / "mine.pem")
    with certified(tmp_path, authority, "--tls-auth-clients", "yes") as server:
        url = f"{server.url}?ssl_ca_certs={tmp_path / 'ca.pem'}"
        assert works(make(f"{url}&ssl_certfile={tmp_path / 'mine.pem'}"))
        assert make(url).get("key") is None


def test_plain_redis_is_not_taken_for_tls(redis_server, make):
    """It waits for more of the greeting."""
    tier = make(f"rediss://{redis_server.place}")
    assert tier.get("key") is None
    assert tier.problem == f"redis off: {redis_server.place} does not answer; tried again in 5 s"


# ---- servers that read and do not write


def test_a_full_server_is_good_for_lookups_and_is_tried_again(tmp_path, make):
    """One line while it is full; the pause grows; what is small enough goes in when there is room."""
    clock = FakeClock()
    with running(tmp_path, "--maxmemory-policy", "noeviction") as server:
        tier, client = make(server.url, clock=clock), admin(server)
        tier.set("before", Kept("x"), 60)
        client.config_set("maxmemory", "1")
        tier.set("key", Kept("y"), 60)
        assert tier.problem.startswith(f"redis keeps nothing new: {server.place} is full; tried again in 5 s. Give it")
        assert tier.get("before").text == "x"
        writes = client.info("commandstats")["cmdstat_set"]["rejected_calls"]
        tier.set("key", Kept("y"), 60)
        assert client.info("commandstats")["cmdstat_set"]["rejected_calls"] == writes
        client.config_set("maxmemory", "0")
        clock.move(5)
        assert works(tier)


def test_a_replica_is_good_for_lookups(redis_server, make):
    """READONLY is no reason to leave it alone."""
    client = admin(redis_server)
    client.set("askance:3:key", "kept")
    client.replicaof("127.0.0.1", "1")
    tier = make(redis_server.url, row_format=3)
    tier.set("key", Kept("new"), 60)
    assert tier.get("key").text == "kept"
    assert "is a replica, which takes no writes" in tier.problem


# ---- processes


def test_nothing_is_imported_before_it_is_used():
    """Not by the module, not by making a tier."""
    code = "import sys; from askance.cache.redis.tier import RedisTier; t = RedisTier('redis://h'); print('redis' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def test_without_the_package_there_is_one_line_and_after_installing_it_none(redis_server, make, monkeypatch):
    """No kernel need be restarted."""
    clock = FakeClock()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "redis", None)
        tier = make(redis_server.url, clock=clock)
        assert tier.get("key") is None
        tier.set("key", Kept("x"), 60)
        line = 'redis off: the redis package is not installed; tried again in 5 s. Type: %pip install "askance[redis]"'
        assert tier.problem == line
    clock.move(5)
    assert works(tier)


def test_a_forked_child_has_a_connection_of_its_own(redis_server, make):
    """The parent's goes on; the child's ends with it."""
    tier = make(redis_server.url)
    assert works(tier)
    for _ in range(5):
        child = os.fork()
        if not child:
            try:
                found = tier.get("key")
                tier.set("child", Kept(str(found and found.text)), 60)
                tier.close()
            finally:
                os._exit(len([one for one in threading.enumerate() if one.name == "askance redis"]))
        assert os.waitpid(child, 0)[1] == 0
        assert tier.get("child").text == "kept"
        tier.delete("child")
    assert tier.problem == ""


def clients(server):
    """Connections to the server, apart from the one that asks."""
    with admin(server) as client:
        return len(client.client_list()) - 1


def test_closing_leaves_no_thread_and_no_connection(redis_server, make):
    """Of any of three; used or not, twice or once."""
    tiers = [make(redis_server.url) for _ in range(3)]
    tiers[0].close()
    assert works(tiers[1]) and works(tiers[2])
    assert clients(redis_server) == 2
    for tier in tiers[1:]:
        tier.close()
        tier.close()
        tier.warm()
        assert tier.get("key") is None
        assert tier.stats() == {"entries": 0, "bytes": 0}
    assert [thread.name for thread in threading.enumerate() if thread.name == "askance redis"] == []
    for _ in range(1000):
        if not clients(redis_server):
            break
    assert clients(redis_server) == 0


def test_warming_connects_before_the_first_lookup(redis_server, make):
    """And a lookup that comes while it connects is a miss, not a fault."""
    tier = make(redis_server.url)
    tier.warm()
    for _ in range(10_000):
        if clients(redis_server):
            break
    assert clients(redis_server) == 1
    assert works(tier)
    assert clients(redis_server) == 1
