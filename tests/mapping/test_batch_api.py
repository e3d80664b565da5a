"""`ask.map(..., batch_api=True)`: both real SDKs against a server that plays both batch endpoints."""

import json
import signal
import threading
from pathlib import Path

import pytest
from mapping.batch_server import BatchServer, uploaded
from mapping.rowserver import rows_of

from askance import facade
from askance.errors import ConfigError, ProviderError, UsageError
from askance.mapping import batch_api
from askance.mapping.batch_api import fill, records
from askance.mapping.entry import map_column
from askance.mapping.job import make_job
from askance.mapping.run import sheet_for

BOTH = pytest.mark.parametrize("provider", ["openai", "anthropic"])
VALUES = [f"value {number}" for number in range(200)]
WHOLE = [f"<{value}>" for value in VALUES]
KEY = "tok-4fG7hK2mQ9xZ1bN8vC5jL3wR6"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Looks at a batch follow each other quickly."""
    monkeypatch.setattr(batch_api, "FIRST_POLL", 0.005)
    monkeypatch.setattr(batch_api, "LONGEST_POLL", 0.02)


def echo(body, change=lambda lines: lines):
    """To each row a function of its value."""
    content = body["messages"][-1]["content"]
    rows = rows_of(content if isinstance(content, str) else content[0]["text"])
    if rows[0][0] == "":
        return f"<{rows[0][1]}>"
    return "".join(change([json.dumps({"id": id_, "answer": f"<{value}>"}) + "\n" for id_, value, _ in rows]))


def mapped(session, values=VALUES, **options):
    """`ask.map` by batch."""
    return map_column(session, "Say it.", values, **{"progress": False, "batch_api": True, **options})


def interrupted(session, server, **options):
    """The same, stopped by the user as soon as the batch was looked at; what they read."""

    def stop():
        server.polled.wait(10)
        signal.raise_signal(signal.SIGINT)

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        mapped(session, **options)
    thread.join()
    return str(caught.value)


def written(folder):
    """All bytes that are kept of batches."""
    return b"".join(path.read_bytes() for path in Path(folder, "cache", "batches").glob("*.json"))


@BOTH
def test_a_column_goes_as_one_batch(sessions, provider):
    """200 rows, 20 a request: ten requests in one batch, none alone; and next time nothing at all."""
    with BatchServer(echo, polls=3) as server:
        answers = mapped(sessions(server, provider))
        assert answers == WHOLE
        assert answers.errors == {}
        assert (answers.requests, answers.usage.input, answers.usage.output) == (10, 100, 50)
        assert [len(batch.bodies) for batch in server.batches.values()] == [10]
        before = len(server.requests)
        again = mapped(sessions(server, provider))
        streamed = mapped(sessions(server, provider), batch_api=False)
        assert again == streamed == WHOLE
        assert again.cached == streamed.cached == 200
        assert len(server.requests) == before
        assert server.asked_singly() == 0


@BOTH
def test_what_a_batch_could_not_do_is_asked_in_the_usual_way(sessions, provider):
    """A request that failed, one that is missing, one without sense: their 60 rows alone, and none is lost or swapped."""
    fates = {2: "failed", 5: "missing", 7: "garbage"}
    with BatchServer(echo, fate=lambda _, place: fates.get(place, "answered")) as server:
        answers = mapped(sessions(server, provider))
        assert answers == WHOLE
        assert server.asked_singly() == 3
        assert answers.requests == 13


@BOTH
def test_rows_that_come_back_wrong_are_asked_again(sessions, provider):
    """Broken lines, one answered twice in two ways, one with a foreign id: those rows alone."""

    def spoil(lines):
        if len(lines) < 20:
            return lines
        doubled = json.dumps({"id": json.loads(lines[0])["id"], "answer": "<other>"}) + "\n"
        stolen = json.dumps({"id": "zzzz", "answer": "stolen"}) + "\n"
        return [*lines[:3], lines[3][:-4] + "\n", *lines[4:], doubled, stolen]

    with BatchServer(lambda body: echo(body, spoil)) as server:
        answers = mapped(sessions(server, provider), VALUES[:20])
        assert answers == WHOLE[:20]
        asked = [value for body in _single_bodies(server) for _, value, _ in rows_of(_content(body))]
        assert sorted(asked) == ["value 0", "value 3"]


def _single_bodies(server):
    return [json.loads(seen.body) for seen in server.requests if seen.path in ("/v1/chat/completions", "/v1/messages")]


def _content(body):
    content = body["messages"][-1]["content"]
    return content if isinstance(content, str) else content[0]["text"]


@BOTH
def test_what_expired_goes_into_the_next_batch(sessions, provider):
    """Its rows have that for their error, are not asked at the full price, and the same call hands them over again."""
    late = lambda _, place: "answered" if place < 4 else "expired"  # noqa: E731
    with BatchServer(echo, fate=late, ends="expired") as server:
        answers = mapped(sessions(server, provider))
        assert answers[:80] == WHOLE[:80]
        assert answers[80:] == [None] * 120
        assert sorted(answers.errors) == list(range(80, 200))
        assert all("expired" in why and "new batch" in why for why in answers.errors.values())
        server.fate, server.ends = (lambda _, place: "answered"), "completed"
        assert mapped(sessions(server, provider)) == WHOLE
        assert [len(batch.bodies) for batch in server.batches.values()] == [10, 6]
        assert server.asked_singly() == 0


@BOTH
def test_an_interrupt_leaves_the_batch_and_another_kernel_goes_on(sessions, provider, tmp_path):
    """One line says how; nothing is handed over twice; what is kept of it tells no content."""
    with BatchServer(echo, polls=10**6) as server:
        line = interrupted(sessions(server, provider), server)
        assert line.startswith(f"Stopped waiting; the batch of 10 requests goes on at {provider} (batch_1)")
        assert "the same ask.map(...) again" in line
        assert "ask.cancel_batch('batch_1')" in line
        kept = written(tmp_path)
        assert b"batch_1" in kept
        assert b"value" not in kept
        assert b"Say it" not in kept
        assert b"key-" not in kept
        server.polls = 0
        assert mapped(sessions(server, provider)) == WHOLE
        assert list(server.batches) == ["batch_1"]
        assert written(tmp_path) == b""


def test_only_rows_that_are_in_no_batch_are_handed_over(sessions):
    """A longer column, in another order, in another kernel: the new rows are a batch of their own."""
    with BatchServer(echo, polls=10**6) as server:
        interrupted(sessions(server), server)
        server.polls = 0
        more = [f"more {number}" for number in range(7)]
        values = [*more, *reversed(VALUES), "value 3"]
        assert mapped(sessions(server), values) == [f"<{value}>" for value in values]
        handed = {
            id_: [v for body in batch.bodies.values() for _, v, _ in rows_of(_content(body))]
            for id_, batch in server.batches.items()
        }
        assert handed == {"batch_1": VALUES, "batch_2": more}


def test_answers_to_rows_that_are_not_asked_for_now_are_kept(sessions):
    """Waited for with a part of the column: the rest is paid for, and known afterwards."""
    with BatchServer(echo, polls=10**6) as server:
        interrupted(sessions(server), server)
        server.polls = 0
        assert mapped(sessions(server), VALUES[:3]) == WHOLE[:3]
        whole = mapped(sessions(server))
        assert whole == WHOLE
        assert whole.cached == 200
        assert list(server.batches) == ["batch_1"]


def test_without_a_cache_the_same_kernel_still_goes_on(sessions, tmp_path):
    """Nothing is on disk, and no batch is made twice."""
    with BatchServer(echo, polls=10**6) as server:
        session = sessions(server, cache=False)
        interrupted(session, server)
        assert not Path(tmp_path, "cache", "batches").exists()
        server.polls = 0
        assert mapped(session) == WHOLE
        assert list(server.batches) == ["batch_1"]


@BOTH
def test_no_secret_is_in_a_batch(sessions, provider, tmp_path):
    """Keys and, as the user wishes, addresses are replaced in the very bytes, and back in the answers."""
    values = [f"mail of row {n}: row{n}@kessler-bau.de, key {KEY}" for n in range(20)]
    with BatchServer(echo) as server:
        (tmp_path / "project").mkdir(exist_ok=True)
        (tmp_path / "project" / ".env").write_text(f"SERVICE_TOKEN={KEY}\n")
        answers = mapped(sessions(server, provider), values, privacy=2)
        assert answers == [f"<{value}>" for value in values]
        wire = b"".join(seen.body for seen in server.requests)
        if provider == "openai":
            assert b"row 19" in uploaded(server.requests[0])
        assert b"row 19" in wire
        assert KEY.encode() not in wire
        assert b"@kessler-bau.de" not in wire


def test_placeholders_of_another_kernel_are_nobody_s(sessions):
    """A batch of a kernel that has gone: what its placeholders meant is not known, so those rows are asked again."""
    values = [f"row{n}@kessler-bau.de" for n in range(10)] + ["plain"]
    with BatchServer(echo, polls=10**6) as server:
        interrupted(sessions(server), server, values=values, privacy=2, batch=2)
        server.polls = 0
        other = sessions(server)
        mapped(other, ["stranger@kessler-bau.de"], privacy=2)  # so that the other kernel's numbers mean others
        assert mapped(other, values, privacy=2, batch=2) == [f"<{value}>" for value in values]
        asked = [value for body in _single_bodies(server) for _, value, _ in rows_of(_content(body))]
        assert "plain" not in asked
        assert len(asked) == 10


def test_a_batch_costs_half(sessions):
    """In the estimate and in the sum; and the cap is looked at with that."""
    with BatchServer(echo) as server:
        session = sessions(server)
        usual, half = (mapped(session, dry=True, batch_api=by) for by in (False, True))
        assert half.cost == pytest.approx(usual.cost / 2)
        assert server.requests == []
        with pytest.raises(UsageError, match="the cap is"):
            mapped(session, cap=half.cost / 3)
        assert server.requests == []
        answers = mapped(session)
        assert answers.cost == pytest.approx((100 * 1 + 50 * 5) / 1e6 / 2)  # gpt-6.1-terra: 1 and 5 dollars a million


def test_a_cap_holds_for_the_worst_case(sessions):
    """Requests that might pass it are not handed over; their rows say so."""
    with BatchServer(echo) as server:
        session = sessions(server)
        cap = mapped(session, dry=True).cost * 1.2
        answers = mapped(session, cap=cap)
        (batch,) = server.batches.values()
        sent = sum(len(rows_of(_content(body))) for body in batch.bodies.values())
        assert 0 < sent < 200
        assert answers[:sent] == WHOLE[:sent]
        assert sorted(answers.errors) == list(range(sent, 200))
        assert "cap" in answers.errors[199]
        assert server.asked_singly() == 0


def test_looks_at_a_batch_grow_rare(sessions, monkeypatch):
    """From two seconds to two minutes, each half as long again; the clock is the caller's."""
    monkeypatch.undo()
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    with BatchServer(echo, polls=16) as server:
        session = sessions(server)
        job = make_job(session, "Say it.", batch_api=True)
        sheet = sheet_for(session, job, VALUES[:5])
        session.loop.run(fill(session, job, sheet, sleep=sleep))
        assert sheet.mapped() == WHOLE[:5]
    assert waits[:3] == [2.0, 3.0, 4.5]
    assert waits[-1] == 120.0
    assert len(waits) == 15
    assert waits == sorted(waits)


def test_a_server_in_trouble_is_looked_at_again(sessions):
    """A batch goes on while its server cannot say how far it is; two of the SDK's own tries are each one of these."""
    with BatchServer(echo, troubles=[503, 500, 429, 503]) as server:
        assert mapped(sessions(server)) == WHOLE
        assert list(server.batches) == ["batch_1"]


def test_who_refuses_for_good_is_not_asked_for_ever(sessions):
    """After some looks the fault is told, and the batch is still known: the next call goes on."""
    with BatchServer(echo, troubles=[401]) as server:
        with pytest.raises(ProviderError, match="401"):
            mapped(sessions(server))
        assert mapped(sessions(server)) == WHOLE
        assert list(server.batches) == ["batch_1"]


def test_a_batch_that_is_gone_is_forgotten(sessions, tmp_path):
    """The server knows nothing of it: one line, and the next call makes a new one."""
    with BatchServer(echo, troubles=[404]) as server:
        with pytest.raises(ProviderError, match="404"):
            mapped(sessions(server))
        assert written(tmp_path) == b""
        assert mapped(sessions(server)) == WHOLE
        assert list(server.batches) == ["batch_1", "batch_2"]


def test_a_batch_that_the_server_does_not_like_says_why(sessions, tmp_path):
    """In the server's words, and it is not waited for again."""
    with BatchServer(echo, ends="failed") as server:
        with pytest.raises(
            ProviderError, match=r"did not take the batch batch_1: the file is not to the server's liking"
        ):
            mapped(sessions(server))
        assert written(tmp_path) == b""


@BOTH
def test_a_batch_can_be_ended(sessions, provider, monkeypatch):
    """By its id; what was answered before is taken by the next call, the rest goes into a new batch."""
    with BatchServer(echo, polls=10**6, fate=lambda _, place: "answered" if place < 3 else "expired") as server:
        session = sessions(server, provider)
        interrupted(session, server)
        monkeypatch.setattr(facade, "_kernel_session", lambda: session)
        with pytest.raises(UsageError, match=r"no batch 'batch_9' is under way\. Under way: batch_1\."):
            facade.ask.cancel_batch("batch_9")
        assert facade.ask.cancel_batch("batch_1") == f"{provider} ends the batch batch_1"
        answers = mapped(session)
        assert answers[:60] == WHOLE[:60]
        assert len(answers.errors) == 140
        server.polls, server.fate = 0, lambda _, place: "answered"
        assert mapped(session) == WHOLE
        assert [len(batch.bodies) for batch in server.batches.values()] == [10, 7]


def test_what_lies_among_the_records_is_read_with_care(sessions, tmp_path):
    """Broken files, foreign files, one that names a path: none is taken for a batch, none breaks a job."""
    folder = tmp_path / "cache" / "batches"
    folder.mkdir(parents=True)
    good = {"batch": "../x", "server": "s", "model": "m", "mark": "m", "created": 1e12, "requests": {"r0": {"a": "b"}}}
    for number, text in enumerate(
        ("", "[]", "{", "null", json.dumps(good), json.dumps({**good, "batch": "b", "requests": [1]}), "[" * 10**5)
    ):
        (folder / f"{number}.json").write_text(text)
    with BatchServer(echo) as server:
        session = sessions(server)
        assert records(session).all(0.0) == []
        assert mapped(session) == WHOLE


def test_who_has_no_batches_says_so(sessions):
    """One line, before anything is sent."""
    with BatchServer(echo) as server:
        with pytest.raises(ConfigError, match=r"ollama has no batch endpoint\."):
            mapped(sessions(server, model="ollama:x"), VALUES[:2])
        assert server.requests == []


def test_what_leaves_stands_in_the_ledger(sessions):
    """The batch's bytes are in the outbox, with one item that holds its rows."""
    with BatchServer(echo) as server:
        session = sessions(server)
        mapped(session, batch=50)
        upload = session.sent[0]
        assert uploaded(server.requests[0]) in upload.body
        (item,) = upload.asked.ledger.items
        assert (item.source, item.facts["rows"]) == ("values", 200)
        assert all(json.dumps(value) in item.text for value in VALUES)


def test_two_kernels_at_once_hand_over_one_batch(sessions):
    """Whoever comes second waits for the first one's batch."""
    with BatchServer(echo, polls=4) as server:
        server.may_answer.clear()
        both = [sessions(server), sessions(server)]
        answers = {}
        threads = [threading.Thread(target=lambda n=n: answers.update({n: mapped(both[n])})) for n in range(2)]
        for thread in threads:
            thread.start()
        server.created.wait(10)
        server.may_answer.set()
        for thread in threads:
            thread.join(30)
        assert answers == {0: WHOLE, 1: WHOLE}
        assert list(server.batches) == ["batch_1"]
