"""Flags: what is taken from a line, and what is left byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askance.errors import UsageError
from askance.kernel.flags import FLAGS, Flags, parse
from askance.kernel.magics import HELP


def test_all_flags():
    """Short, long and with an equals sign."""
    line = (
        "-m openai:x --thread=t -c only -b 900 --privacy 0 --fresh --max-output 70 --temperature=0.5 --bg --json Row "
        "--view plain why is it? << reply"
    )
    assert parse(line) == Flags(
        model="openai:x",
        thread="t",
        context="only",
        budget=900,
        privacy=0,
        fresh=True,
        max_output=70,
        temperature=0.5,
        bg=True,
        json="Row",
        view="plain",
        into="reply",
        text="why is it?",
    )


def test_only_what_was_given_is_an_option():
    """The session's defaults hold for the rest."""
    assert parse("-b 5 why").options() == {"budget": 5}
    assert parse("--code --prompt why").options() == {"form": "code"}


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("--tools why", {"tools": True}),
        ("--tools=read_file,git_log why", {"tools": ("read_file", "git_log")}),
        ("--no-tools why", {"tools": False}),
        ("--allow run_python,write_cell why", {"tools": True, "allow": ("run_python", "write_cell")}),
        ("--tools=run_python --allow=all why", {"tools": ("run_python",), "allow": ("all",)}),
        ("why", {}),
    ],
)
def test_tools_are_wanted_by_name_or_all(line, options):
    """`--tools` stands alone or takes names after "="; who allows something wants tools."""
    assert parse(line).options() == options
    assert parse(line).text == "why"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))).filter(lambda text: "<<" not in text))
def test_what_follows_two_dashes_is_untouched(text):
    """Whatever a question holds, it comes through; only blanks before it are dropped."""
    assert parse(f"-b 5 -- {text}").text == text.lstrip(" \t")


@pytest.mark.parametrize("line", ["1 << 2 or more", "what is x<<y", "a << b c"])
def test_a_shift_in_the_middle_is_no_assignment(line):
    """Only a name after a separate "<<" at the very end takes the answer."""
    assert parse(line) == Flags(text=line)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("--mdoel x", "Did you mean --model?"),
        ("-x why", "-"),
        ("-5 + 3", "--"),
        ("--budget", "a whole number; it got nothing"),
        ("-b lots", "a whole number; it got lots"),
        ("--privacy 4", "0, 1, 2, 3; it got 4"),
        ("--view= x", "it got nothing"),
        ("--dry=1 x", "takes no value"),
        ("--temperature nan x", "a number; it got nan"),
        ("--temperature -1 x", "a number; it got -1"),
        ("--max-output 1.5 x", "a whole number; it got 1.5"),
        ("--json", "a name; it got nothing"),
        ("--bg --code x", "--bg and --code do not go together"),
        ("--code --json Row x", "--code and --json do not go together"),
        ("--prompt --dry x", "--dry and --prompt do not go together"),
        ("--tools= x", "names, with commas and no spaces; it got nothing"),
        ("--allow", "names, with commas and no spaces; it got nothing"),
        ("--allow=, x", "it got nothing"),
        ("--no-tools=1 x", "takes no value"),
        ("--tools --no-tools x", "--tools and --no-tools do not go together"),
        ("--allow run_python --no-tools x", "--allow and --no-tools do not go together"),
        ("--wait and more", "Type: %ask --wait"),
        ("--wait -t x", "Type: %ask --wait"),
    ],
)
def test_a_wrong_flag_says_what_to_type(line, hint):
    """One line, with the nearest flag or what the flag takes."""
    with pytest.raises(UsageError) as caught:
        parse(line)
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_help_names_every_flag():
    """`%ask?` cannot forget one."""
    assert [flag.long for flag in FLAGS if flag.long not in HELP] == []
    assert [flag.short for flag in FLAGS if flag.short not in HELP] == []
