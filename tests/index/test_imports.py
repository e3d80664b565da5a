"""Modules as they are written, found line by line, as by parsing."""

import pytest
from exact_imports import exact_modules

from askance.index.imports import modules_in

STATEMENTS = {
    "import a": ("a",),
    "import a.b, c as d , e.f": ("a.b", "c", "e.f"),
    "import a, \\\n    b": ("a", "b"),
    "from a.b import c": ("a.b:c",),
    "from a.b import c as d, e": ("a.b:c,e",),
    "from a import (b,  # why (not)\n    c as d,\n)\nx = 1": ("a:b,c",),
    "from a import b, \\\n    c": ("a:b,c",),
    "from a import *": ("a",),
    "from . import a": (".:a",),
    "from .a import b": (".a:b",),
    "from ... a . b import c": ("...a.b:c",),
    "import a; import b; from c import d; x = 1": ("a", "b", "c:d"),
    "if True: import a": ("a",),
    "def f():\n\tfrom a import b\n": ("a:b",),
    "import a\r\nfrom b import (\r\n    c,\r\n)\r\n": ("a", "b:c"),
    "import größe": ("größe",),
    "import a\nimport a\n": ("a",),
    "important = 1\nx.import_module('a')\nimporta = 'import a'\n# import b": (),
    "": (),
}


@pytest.mark.parametrize("text", STATEMENTS)
def test_every_way_to_write_an_import(text):
    """Lines and parsing find the same, in the same form."""
    assert modules_in("m.py", text) == STATEMENTS[text]
    assert exact_modules(text) == STATEMENTS[text]


def test_half_written_files_and_notebooks():
    """What does not parse is read by lines: shell lines, magics, an open bracket."""
    text = "# %% [code]\n%matplotlib inline\n!pip install x\nimport numpy as np\n\n# %% [code]\nfrom .utils import (load,\n"
    assert modules_in("n.ipynb", text) == exact_modules(text) == ("numpy", ".utils:load")


def test_cython_too():
    """`cimport` imports as well."""
    assert modules_in("m.pyx", "cimport numpy as np\nfrom .a cimport b\n") == ("numpy", ".a:b")


def test_scripts():
    """Imports, re-exports, requires and dynamic imports of JavaScript and TypeScript."""
    text = """
    import React, { useState } from 'react';
    import type { A } from "./types";
    import './style.css';
    export * from '../all';
    export {
      b,
    } from "./b.js";
    const c = require('./c'), d = await import("./d");
    const e = 'no import';
    """
    found = ("react", "./types", "./style.css", "../all", "./b.js", "./c", "./d")
    assert modules_in("web/m.tsx", text) == modules_in("M.JS", text) == found


@pytest.mark.parametrize("path", ["a.md", "a.csv", "Makefile", "a.rs"])
def test_other_files_import_nothing(path):
    """Prose about imports is no import."""
    assert modules_in(path, "import a\nfrom 'b'") == ()


def test_lines_find_what_parsing_finds_in_the_standard_library():
    """Over a few hundred real modules: every import that parsing finds, but for one in two hundred."""
    import asyncio
    import email
    import unittest
    from pathlib import Path

    found = known = 0
    for package in (asyncio, email, unittest):
        for file in Path(package.__file__).parent.parent.glob(f"{package.__name__}/**/*.py"):
            text = file.read_text("utf-8")
            exact = set(exact_modules(text))
            found += len(exact & set(modules_in("m.py", text)))
            known += len(exact)
    assert known > 300
    assert found / known >= 0.995


def test_a_files_own_warnings_are_not_shown(recwarn):
    """Parsing somebody's file says nothing about its escapes."""
    assert exact_modules("import a\nx = '\\d'\n") == ("a",)
    assert not recwarn.list
