"""What is told of the machine and of the project's manifests, good and broken ones."""

import asyncio
import json

import pytest

from askance.records import Ask
from askance.sources.environment import EnvironmentSource
from askance.sources.frameworks import FRAMEWORKS, declared
from askance.sources.machine import machine_facts
from askance.sources.manifests import Manifests

ASK = Ask(question="?", model="local")


def lines(root, environ=(), facts=None):
    source = EnvironmentSource(facts or {"Python": "3.13"}, dict(environ), root)
    (found,) = asyncio.run(source.collect(ASK))
    return found.render("outline").splitlines()


def write(root, **files):
    for name, text in files.items():
        (root / name.replace("__", ".")).write_text(text)


def test_names_never_values(tmp_path):
    """Allowed variables by name; frameworks with the files that tell of them."""
    write(tmp_path, requirements__txt="django>=5\nscikit-learn\n", manage__py="")
    environ = {"VIRTUAL_ENV": "/home/anna/secret", "AWS_SECRET_ACCESS_KEY": "sk"}
    assert lines(tmp_path, environ) == [
        "Python 3.13",
        "the project is built with django (requirements.txt, manage.py), scikit-learn (requirements.txt)",
        "environment variables set: VIRTUAL_ENV",
    ]


MANIFESTS = {
    "pyproject.toml": '[project]\ndependencies = ["{}"]\n',
    "requirements.txt": "# c\n{}==1.0 # d\n",
    "requirements-dev.txt": "{}[x]>=2; python_version > '3'\n",
    "setup.cfg": "[options]\ninstall_requires =\n  {}>=1\n",
    "Pipfile": '[packages]\n{} = "*"\n',
    "environment.yml": "name: torch\nchannels:\n  - x\ndependencies:\n  - python=3.11\n  - {}=1\n  - pip:\n    - y\n",
}


@pytest.mark.parametrize("file", MANIFESTS)
@pytest.mark.parametrize("package", ["Flask", "pyspark", "polars", "jax"])
def test_every_manifest_is_understood(tmp_path, file, package):
    """A framework shows by its package's name in any of them, in any spelling."""
    (tmp_path / file).write_text(MANIFESTS[file].format(package))
    framework = {"Flask": "flask", "pyspark": "spark"}.get(package, package)
    assert declared(Manifests(tmp_path).read(), tmp_path) == {framework: [file]}


def test_poetry_and_groups(tmp_path):
    """Tables of poetry and dependency groups count too."""
    write(
        tmp_path,
        pyproject__toml='[tool.poetry.dependencies]\npython = "^3"\ntorch = "*"\n'
        '[tool.poetry.group.dev.dependencies]\ndash = "*"\n[dependency-groups]\ntest = ["keras", {include-group = "x"}]\n'
        '[project.optional-dependencies]\nplots = ["plotly"]\n',
    )
    assert set(declared(Manifests(tmp_path).read(), tmp_path)) == {"torch", "dash", "keras", "plotly"}


def test_frameworks_of_the_browser(tmp_path):
    """By package.json and by files of their own; the words of a description tell nothing."""
    write(
        tmp_path,
        package__json=json.dumps({"description": "vue angular", "dependencies": {"react": "1", "@angular/core": "2"}}),
    )
    (tmp_path / "next.config.mjs").touch()
    assert set(declared(Manifests(tmp_path).read(), tmp_path)) == {"react", "angular", "next"}


BROKEN = {
    "package.json": ["{", "[]", "7", '{"dependencies": [1]}', "[" * 200_000, '{"dependencies": {"react": 1}' * 2],
    "pyproject.toml": ["[project", "project = 3\n", "[project]\ndependencies = 7\n", "a = " + "[" * 50_000, "\0"],
    "setup.cfg": ["install_requires", "[options", "[options]\ninstall_requires = %(x)s\n"],
    "Pipfile": ["[packages]\n= 1", "packages = []"],
    "environment.yml": ["dependencies:\n - [", "- x"],
    "requirements.txt": ["\xff\xfe\0", "-e .\n--index-url https://u:p@h.org/\n"],
}


@pytest.mark.parametrize(("file", "text"), [(file, text) for file, texts in BROKEN.items() for text in texts])
def test_broken_manifests_give_nothing(tmp_path, file, text):
    """Neither an exception nor a framework, and the rest is told as before."""
    (tmp_path / file).write_text(text, encoding="latin-1")
    assert lines(tmp_path) == ["Python 3.13"]


def test_what_is_no_readable_manifest_is_a_note(tmp_path):
    """A huge file, a link out of the project, broken JSON: a line in the ledger for each."""
    (tmp_path / "requirements.txt").write_text("django\n" * 200_000)
    (tmp_path / "package.json").write_text("{")
    (tmp_path / "Pipfile").symlink_to("/etc/passwd")
    source = EnvironmentSource({"Python": "3.13"}, {}, tmp_path)
    asyncio.run(source.collect(ASK))
    assert source.notes == tuple(f"{name} cannot be read" for name in ("Pipfile", "package.json", "requirements.txt"))


def test_a_manifest_is_read_again_only_when_it_changed(tmp_path, monkeypatch):
    """Its stamp decides."""
    import askance.sources.manifests as manifests

    read = []
    real = manifests.read_bytes
    monkeypatch.setattr(manifests, "read_bytes", lambda root, path: read.append(path) or real(root, path))
    write(tmp_path, requirements__txt="flask\n", setup__cfg="")
    known = Manifests(tmp_path)
    known.read(), known.read()
    assert read == ["requirements.txt", "setup.cfg"]
    write(tmp_path, requirements__txt="django\n\n")
    assert known.read()[0].python == ("django",)
    assert read[2:] == ["requirements.txt"]


def test_the_issues_frameworks_are_known():
    """Each that was asked for has evidence of its own."""
    wanted = "django flask fastapi torch tensorflow jax scikit-learn pandas polars spark react vue next".split()
    assert not [name for name in wanted if name not in FRAMEWORKS]


def test_the_machine_from_small_files(tmp_path):
    """System, memory of the container, graphics cards; the shell by name alone."""
    files = {
        "etc/os-release": 'NAME=x\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
        "proc/meminfo": "MemTotal:       65536000 kB\nMemFree: 1 kB\n",
        "sys/fs/cgroup/memory.max": f"{8 * 2**30}\n",
        "proc/driver/nvidia/gpus/0000:01/information": "Model: \t NVIDIA A100\nIRQ: 5\n",
        "proc/driver/nvidia/gpus/0000:02/information": "Model: \t NVIDIA A100\nIRQ: 6\n",
    }
    for name, text in files.items():
        file = tmp_path / name.replace(":", "")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    facts = machine_facts("/x/envs/shop", "/usr", {"SHELL": "/home/anna/bin/zsh"}, tmp_path)
    assert facts["system"].startswith("Debian GNU/Linux 12 (bookworm) ")
    assert (facts["memory"], facts["GPU"], facts["shell"]) == ("8 GiB", "2 x NVIDIA A100", "zsh")
    assert facts["virtual environment"] == "shop"
    assert int(facts["processors"]) >= 1


def test_a_machine_that_tells_nothing(tmp_path):
    """Without any of these files the rest is told; a shell that is no name is not."""
    facts = machine_facts("/a", "/a", {"SHELL": "/bin/x; rm"}, tmp_path)
    assert set(facts) == {"system", "Python", "processors"}
    (tmp_path / "conda-meta").mkdir()
    assert machine_facts(str(tmp_path), "/a", {}, tmp_path)["conda environment"] == tmp_path.name
