"""Settings come from the project, the environment and the user, and a project may not say where questions go."""

import pytest

from askance.errors import ConfigError
from askance.settings import ADDRESSES, Settings, load


def project(tmp_path, line):
    """A project whose pyproject.toml sets something of ours."""
    (tmp_path / "pyproject.toml").write_text(f"[tool.askance]\n{line}\n")
    return tmp_path


def test_the_environment_wins_over_the_project(tmp_path):
    """And both over the defaults."""
    root = project(tmp_path, "budget = 5\nprivacy = 1")
    settings = load({"ASKANCE_BUDGET": "7"}, root)
    assert (settings.budget, settings.privacy, settings.cache) == (7, 1, True)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_cloned_project_says_no_address(tmp_path, name):
    """One line, with what to type instead; the user's own environment may."""
    with pytest.raises(ConfigError, match=f"{name}, which only you may.*ASKANCE_{name.upper()}"):
        load({}, project(tmp_path, f'{name} = "redis://elsewhere"'))
    assert getattr(load({f"ASKANCE_{name.upper()}": "redis://here"}, None), name) == "redis://here"


def test_a_cloned_project_allows_no_plain_http(tmp_path):
    """A list for the user alone: of names, in the environment with commas."""
    with pytest.raises(ConfigError, match=r"allow_http, which only you may.*Askance.allow_http = \["):
        load({}, project(tmp_path, 'allow_http = ["evil.example"]'))
    assert load({"ASKANCE_ALLOW_HTTP": "gpu-box.lan, other.lan,"}, None).allow_http == ("gpu-box.lan", "other.lan")


@pytest.mark.parametrize("mode", ["live", "record", "replay"])
def test_the_modes(mode):
    """By a variable, as CI would set it."""
    assert load({"ASKANCE_MODE": mode}, None).mode == mode


def test_another_mode_is_one_line():
    """It names the three."""
    with pytest.raises(ConfigError, match="live, record, replay"):
        load({"ASKANCE_MODE": "rewind"}, None)


def test_a_password_is_not_printed():
    """Of an address, nothing is."""
    assert "hunter22" not in repr(Settings(redis_url="redis://me:hunter22@cache"))
