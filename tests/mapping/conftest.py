"""What tests of `ask.map` need: sessions against a server that answers rows."""

import pytest
from mapping.rowserver import RowServer

from askance import Session
from askance.mapping import pace
from askance.mapping.entry import map_column
from askance.settings import Settings

MODELS = {"openai": "openai:gpt-6.1-terra", "anthropic": "anthropic:claude-sonnet-5-5"}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Waits that nobody asked for are short."""
    monkeypatch.setattr(pace, "FIRST_WAIT", 0.01)


@pytest.fixture
def sessions(tmp_path):
    """(server, provider, settings) -> a session; all of one test share their files, as kernels of one user do."""
    made = []

    def make(server: RowServer, provider: str = "openai", **settings) -> Session:
        environ = {
            "HOME": str(tmp_path / "home"),
            "ASKANCE_CACHE_DIR": str(tmp_path / "cache"),
            "OPENAI_API_KEY": "key-openai-0123456789",
            "OPENAI_BASE_URL": f"{server.url}/v1",
            "ANTHROPIC_API_KEY": "key-anthropic-0123456789",
            "ANTHROPIC_BASE_URL": server.url,
        }
        (tmp_path / "project").mkdir(exist_ok=True)
        model = settings.pop("model", MODELS[provider])
        session = Session.for_project(tmp_path / "project", environ=environ, settings=Settings(model=model, **settings))
        made.append(session)
        return session

    yield make
    for session in made:
        session.loop.run(session.close())
        session.loop.close()


@pytest.fixture
def ask_map(sessions):
    """`ask.map` against a server, with a session of its own, without a bar."""

    def run(server: RowServer, prompt, values, provider: str = "openai", **options):
        return map_column(sessions(server, provider), prompt, values, **{"progress": False, **options})

    return run
