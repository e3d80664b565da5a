"""What tests of several rooms need."""

import pytest


@pytest.fixture
def environ(tmp_path):
    """A home of its own: no setting of this machine's user enters."""
    (tmp_path / "home").mkdir()
    identity = {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path / "home"), **identity}
