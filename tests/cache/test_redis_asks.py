"""Whole asks, of two kernels that share a Redis server and nothing else."""

import threading
import time

import pytest
from fixtures_redis import redis_server

from askance.cache.flights import Flights
from askance.cache.given import Given
from askance.cache.redis.tier import RedisTier
from askance.cache.tier import Shelf
from askance.cache.tiers import Cache
from askance.gate import Gate
from askance.loop import LoopThread
from askance.providers.registry import Choice, Limits
from askance.recall import Keeping
from askance.session import Session
from askance.settings import Settings
from askance.testing import ReplayProvider

__all__ = ["redis_server"]


@pytest.fixture
def kernel():
    """Makes sessions whose cache is a Redis server alone; time passes for their tiers as for people, or faster."""
    made = []

    def new(server, speed=lambda: 0.0):
        tier = RedisTier(server.url, clock=lambda: time.monotonic() + speed())
        model = ReplayProvider(["The answer."])
        session = Session(
            settings=Settings(),
            choice=Choice("local", "a test"),
            limits=lambda _name: Limits(window=8192, budget=4000, max_output=500, context=2400),
            provider=lambda _name: model,
            sources=(),
            gate=Gate(tuple),
            keeping=Keeping(cache=Cache([Shelf(tier, 3600.0)]), flights=Flights(None), given=Given()),
            loop=LoopThread("askance-test"),
        )
        made.append(session)
        return session

    yield new
    for session in made:
        session.loop.run(session.close())
        session.loop.close()


def until_cached(session, question):
    """Ask until the answer comes from the cache, each time in a conversation of its own."""
    for turn in range(500):
        answer = session.ask(question, thread=f"{question}{turn}")
        if answer.cached:
            return answer
        time.sleep(0.01)
    return answer


def test_what_one_kernel_asked_the_other_is_given(redis_server, kernel):
    """Without asking a model; what was cleared is asked again."""
    one, other = kernel(redis_server), kernel(redis_server)
    assert until_cached(one, "why?").cached == "redis"
    assert until_cached(other, "why?").text == "The answer."
    given = other.ask("why?", thread="another")
    assert (given.cached, given.text) == ("redis", "The answer.")


def test_no_ask_fails_while_the_server_is_killed_and_restarted(redis_server, kernel):
    """Five times under the asks of two kernels: each gets its answer, from Redis again after each restart."""
    passed = [0.0]
    kernels = [kernel(redis_server, lambda: passed[0]) for _ in range(2)]
    ended, answers, faults = threading.Event(), [], []

    def work(session):
        turn = 0
        while not ended.is_set():
            turn += 1
            try:
                answers.append(session.ask(f"why {turn % 5}?", thread=f"t{turn}"))
            except BaseException as error:
                faults.append(error)

    def given():
        return sum(answer.cached == "redis" for answer in list(answers))

    def given_again():
        before, end = given(), time.monotonic() + 60
        while given() < before + 5 and time.monotonic() < end:
            passed[0] += 2.0
            time.sleep(0.02)
        return given() >= before + 5

    threads = [threading.Thread(target=work, args=(session,)) for session in kernels]
    for thread in threads:
        thread.start()
    again = [given_again()]
    for _ in range(5):
        redis_server.kill()
        time.sleep(0.02)
        redis_server.start()
        again.append(given_again())
    ended.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert {answer.text for answer in answers} == {"The answer."}
    assert again == [True] * 6
