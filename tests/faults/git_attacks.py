"""Repositories that would run a program. Enters: a plain repository. Leaves: the same one, made hostile.

Each attack comes with a command of git's that falls for it, so that a test can show that the trap is set. Every trap
leaves a mark: the name of a file in a folder of marks.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

IDENTITY = {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@dataclass
class Place:
    """Where an attack happens: the repository, a folder outside of it, the user's environment, and the marks."""

    root: Path
    outside: Path
    environ: dict
    marks: Path

    def git(self, *command, check=True, cwd=None, **more):
        """Git as anybody runs it."""
        return subprocess.run(
            ["git", *command],
            cwd=cwd or self.root,
            env={**self.environ, **more},
            check=check,
            capture_output=True,
            timeout=20,
        ).stdout.decode()

    def evil(self, name="evil", folder=None, then="cat 2>/dev/null"):
        """A program that leaves a mark, and passes on what it reads, or does something else."""
        path = (folder or self.outside) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho \"$0 $*\" > '{self.marks}'/$$\n{then}\n")
        path.chmod(0o755)
        return str(path)

    def config(self, **settings):
        """Settings of the repository; "__" stands for a dot."""
        for key, value in settings.items():
            self.git("config", key.replace("__", "."), value)

    def edit(self):
        """A change of the same size at another time: git has to read, and so filter, the file."""
        (self.root / "a.py").write_text("3\n")
        os.utime(self.root / "a.py", (1, 1))


def make(folder):
    """A repository of two commits, as a template to copy."""
    root, home = folder / "repo", folder / "home"
    for path in (root, home, folder / "outside", folder / "marks"):
        path.mkdir(parents=True)
    environ = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(home), **IDENTITY}
    place = Place(root, folder / "outside", environ, folder / "marks")
    place.git("init", "-q", "-b", "main")
    for number in (1, 2):
        (root / "a.py").write_text(f"{number}\n")
        (root / "b.txt").write_text("text\n" * number)
        place.git("add", ".")
        place.git("commit", "-qm", f"commit {number}")
    return place


def fsmonitor(place):
    """A monitor of the working tree."""
    place.config(core__fsmonitor=place.evil())
    return ["status"]


def hook(place):
    """A hook that runs when the index is written."""
    place.evil("post-index-change", place.root / ".git" / "hooks")
    place.edit()
    return ["status"]


def hook_of_the_tree(place):
    """Hooks in a folder that the project brings along."""
    place.evil("post-index-change", place.root / "hooks")
    place.config(core__hooksPath="hooks")
    place.edit()
    return ["status"]


def clean_filter(place):
    """A filter that reads what is compared."""
    place.config(filter__evil__clean=place.evil())
    (place.root / ".gitattributes").write_text("*.py filter=evil\n")
    place.edit()
    return ["status"]


def process_filter(place):
    """A filter that stays, named where nobody sees it."""
    place.config(filter__evil__process=place.evil(), filter__evil__required="true")
    (place.root / ".git" / "info" / "attributes").write_text("*.py filter=evil\n")
    place.edit()
    return ["status"]


def text_conversion(place):
    """A converter of what is shown."""
    place.config(diff__evil__textconv=place.evil())
    (place.root / ".gitattributes").write_text("*.py diff=evil\n")
    place.edit()
    return ["log", "-p"]


def external_diff(place):
    """A program in the place of git's own diff."""
    place.config(diff__external=place.evil())
    place.edit()
    return ["diff"]


def diff_driver(place):
    """The same for some files."""
    place.config(diff__evil__command=place.evil())
    (place.root / ".gitattributes").write_text("*.py diff=evil\n")
    place.edit()
    return ["diff"]


def pager_and_editor(place):
    """Programs for people's eyes and hands."""
    evil = place.evil()
    place.config(core__pager=evil, pager__log="true", pager__status="true", core__editor=evil, sequence__editor=evil)
    return ["commit", "--allow-empty"]


def alias(place):
    """Other meanings of words."""
    evil = place.evil()
    place.config(alias__status=f"!{evil}", alias__log=f"!{evil}", alias__evil=f"!{evil}")
    return ["evil"]


def transport(place):
    """A partial clone that fetches what it lacks through a program."""
    evil = place.evil(then="exit 1")
    place.config(
        extensions__partialClone="far",
        remote__far__url=f"ext::{evil} %S",
        remote__far__promisor="true",
        remote__far__uploadpack=evil,
        protocol__ext__allow="always",
        core__sshCommand=evil,
        core__gitProxy=evil,
        core__alternateRefsCommand=evil,
        credential__helper=evil,
        core__askPass=evil,
    )
    blob = place.git("rev-parse", "HEAD:a.py").strip()
    tree = place.git("rev-parse", "HEAD^{tree}").strip()
    for lost in (blob, tree):
        (place.root / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    place.edit()
    return ["cat-file", "-p", blob]


def remote_helper(place):
    """A helper for a kind of repository that the configuration makes up, found on PATH."""
    place.evil("git-remote-evil", place.root / "bin", then="exit 1")
    place.environ["PATH"] = f"{place.root}/bin:{place.environ['PATH']}"
    place.config(extensions__partialClone="far", remote__far__url="evil::x", remote__far__promisor="true")
    place.config(protocol__allow="always", remote__far__vcs="evil")
    tree = place.git("rev-parse", "HEAD^{tree}").strip()
    (place.root / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    return ["fetch", "far"]


def signature(place):
    """A program that checks signatures, of a signed commit."""
    place.config(gpg__program=place.evil(), log__showSignature="true", gpg__ssh__program=place.evil())
    text = place.git("cat-file", "commit", "HEAD")
    head, _, body = text.partition("\n\n")
    armour = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n aGk=\n -----END PGP SIGNATURE-----"
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=place.root, env=place.environ, input=f"{head}\n{armour}\n\n{body}".encode(), capture_output=True, check=True,
    ).stdout.decode().strip()  # fmt: skip
    place.git("update-ref", "HEAD", made)
    return ["log"]


def included(place):
    """All of it in a file outside of the project, under a condition."""
    evil = place.evil()
    (place.outside / "more").write_text(f'[core]\n\tfsmonitor = {evil}\n[filter "evil"]\n\tclean = {evil}\n')
    with (place.root / ".git" / "config").open("a") as file:
        file.write(f'[includeIf "gitdir:**"]\n\tpath = {place.outside}/more\n')
    (place.root / ".gitattributes").write_text("*.py filter=evil\n")
    place.edit()
    return ["status"]


def worktree_config(place):
    """In the configuration of one worktree."""
    place.config(extensions__worktreeConfig="true")
    evil = place.evil()
    (place.root / ".git" / "config.worktree").write_text(
        f'[core]\n\tfsmonitor = {evil}\n[filter "e"]\n\tclean = {evil}\n'
    )
    (place.root / ".gitattributes").write_text("*.py filter=e\n")
    place.edit()
    return ["status"]


def environment(place):
    """Variables that the user's own process has."""
    evil = place.evil()
    place.environ |= {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": evil,
        "GIT_EXTERNAL_DIFF": evil,
        "GIT_SSH_COMMAND": evil,
        "GIT_PAGER": evil,
        "GIT_EDITOR": evil,
        "GIT_ASKPASS": evil,
        "GIT_TRACE": str(place.marks / "trace"),
        "GIT_TRACE2_EVENT": str(place.marks / "trace2"),
        "GIT_INDEX_FILE": str(place.outside / "index"),
    }
    return ["status"]


def own_git(place):
    """A program called git, in the project and where PATH leads by a relative entry or a link."""
    place.evil("git", place.root / "bin")
    place.evil("git", place.root)
    (place.outside / "link").symlink_to(place.root / "bin")
    place.environ["PATH"] = f".:bin::{place.root}/bin:{place.outside}/link:{place.environ['PATH']}"
    return ["status"]


def bare_within(place):
    """The project's folder is itself a bare repository, as a clone can bring it along."""
    (place.root / ".git").rename(place.root / "old")
    for name in ("HEAD", "objects", "refs", "index"):
        (place.root / "old" / name).rename(place.root / name)
    evil = place.evil()
    (place.root / "tree").mkdir()
    (place.root / "config").write_text(
        f"[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = tree\n\tfsmonitor = {evil}\n"
    )
    return ["status"]


def submodule(place):
    """A repository within, with a monitor of its own."""
    inner = place.root / "inner"
    inner.mkdir()
    place.git("init", "-q", cwd=inner)
    (inner / "x.py").write_text("1\n")
    place.git("add", ".", cwd=inner)
    place.git("commit", "-qm", "inner", cwd=inner)
    place.git("add", "inner")
    place.git("commit", "-qm", "with a submodule")
    place.git("config", "core.fsmonitor", place.evil(), cwd=inner)
    place.config(status__submoduleSummary="true", diff__submodule="log", submodule__recurse="true")
    return ["status"]


ATTACKS = {
    function.__name__: function
    for function in (
        fsmonitor, hook, hook_of_the_tree, clean_filter, process_filter, text_conversion, external_diff, diff_driver,
        pager_and_editor, alias, transport, remote_helper, signature, included, worktree_config, environment, own_git,
        bare_within, submodule,
    )
}  # fmt: skip
