"""Secrets in all that an ask may send: none leaves, none is written down, and all of it comes back to the user."""

import pytest

pytest.importorskip("pandas")
pytest.importorskip("redis")

import redis
from faults import kernel_round
from faults.leaving import is_sent, outcomes
from faults.placements import PLACES
from faults.recording_server import KEY, PLACEHOLDER
from faults.secret_kinds import COUNT, remains
from fixtures_redis import redis_server

__all__ = ["redis_server"]


def judge(found):
    """Each thing was sent, nothing of its secret was; the answer in memory has it, what is saved has not."""
    assert {one.place for one in found} == set(PLACES)
    assert [one.name for one in found if not one.sent] == []
    assert [(one.name, one.some) for one in found if one.left] == []
    assert [one.name for one in found if one.shown] == []
    assert [one.name for one in found if one.restored is False] == []


@pytest.mark.parametrize("number", range(0, COUNT, 10))
def test_nothing_secret_leaves(number, tmp_path):
    """Nine of the 540 placements in each of six rounds, through a real session and a real SDK."""
    judge(outcomes(number, tmp_path))


def test_the_judge_sees_what_leaves(tmp_path, monkeypatch):
    """Where nothing is known by value, what has no form of its own is found in what left, and nothing else is."""
    monkeypatch.setattr("askance.assemble.Registry", lambda *_: tuple)
    found = outcomes(0, tmp_path)
    assert (
        {one.secret.kind for one in found if one.left}
        == {one.secret.kind for one in found if one.secret.known}
        != set()
    )
    assert all("the server's bytes" in one.left for one in found if one.left)


@pytest.mark.parametrize("number", [25, 52])
def test_a_team_s_cache_is_given_no_secret(number, tmp_path, redis_server):
    """Two more rounds, whose answers go to a real Redis server too; each SDK once."""

    def kept():
        client = redis.Redis.from_url(redis_server.url)
        return b"\n".join(key + b" " + client.dump(key) + (client.get(key) or b"") for key in client.scan_iter())

    judge(outcomes(number, tmp_path, lambda: (redis_server.url, kept)))


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", range(COUNT))
def test_nothing_secret_leaves_of_all(number, tmp_path):
    """The whole count."""
    judge(outcomes(number, tmp_path))


def judge_kernel(number, folder):
    """The same of a real kernel, and of all that its commands print, publish and write."""
    seen = kernel_round.seen(number, folder)
    for kind in (
        b'"comm_open"',
        b'"comm_msg"',
        b'"delta"',
        b'"display_data"',
        b'"update_display_data"',
        b'"execute_result"',
    ):
        assert kind in seen.found["what the kernel publishes"], kind
    for place, one in seen.secrets.items():
        assert is_sent(place, number, seen.texts), (number, place)
        left = {where: pieces for where, data in seen.found.items() if (pieces := remains(one, data))}
        assert sorted(left) == [], (number, place, one.kind)
    for where, data in seen.found.items():
        assert KEY.encode() not in data, where
        assert PLACEHOLDER.search(data.decode("utf-8", "replace")), where


@pytest.mark.parametrize("number", [20, 37])
def test_a_kernel_publishes_and_saves_no_secret(number, tmp_path):
    """Widgets, outputs, what is saved and exported, and every command; each SDK once."""
    judge_kernel(number, tmp_path)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", range(0, COUNT, 5))
def test_a_kernel_publishes_and_saves_no_secret_of_more(number, tmp_path):
    """Twelve kernels."""
    judge_kernel(number, tmp_path)
