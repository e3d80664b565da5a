"""The same cells, run in another process, give the same fingerprints: an answer is found again after a restart."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CELLS = [
    "import collections, dataclasses, datetime as dt, decimal, enum, functools, io, itertools, pathlib, random, re, tempfile",
    "import numpy as np, pandas as pd",
    """df = pd.DataFrame({
    "n": [1.5, float("nan"), -0.0], "s": ["x", None, "z"], "o": pd.Series([1, "a", None], dtype=object),
    "c": pd.Categorical(["u", "v", "u"]), "t": pd.date_range("2020", periods=3, tz="Europe/Berlin"),
    "i": pd.array([1, None, 3], dtype="Int64"), "b": pd.array([True, None, False], dtype="boolean"),
    "cut": pd.cut([1, 5, 9], 3), "p": pd.period_range("2020", periods=3, freq="M"),
    "sp": pd.arrays.SparseArray([0, 0, 1]), "l": [[1], {"a", "b", "c"}, {"k": (1, 2)}],
})""",
    "levels = df.set_index(['s', 'n'])\ngrouped = df.groupby('c', observed=True)\nseries = df.s\nindex = levels.index",
    "wide = pd.DataFrame(np.arange(30_000.0).reshape(20, 1500), columns=[f'c{i}' for i in range(1500)])",
    "long = pd.DataFrame({'a': np.arange(500_000), 'b': [f'v{i % 97}' for i in range(500_000)]})",
    "arrays = np.arange(12).reshape(3, 4).T\nobjects = np.array([1, 'a', {'x', 'y'}], dtype=object)\nlarge = np.zeros(10**6)",
    "record = np.zeros(3, dtype=[('a', 'i1'), ('b', 'f8')])\nlongs = np.array([1, 2], dtype=np.longdouble) / 3",
    "words = {'one', 'two', 'three', 'four', 'five'} | {f'w{i}' for i in range(3000)}\nfrozen = frozenset(words)",
    "nested = {'a': [1, {'b': {'x', 'y', 'z'}}], 'c': collections.OrderedDict(a=1), 'd': collections.Counter('hello')}",
    "many = {f'k{i}': [i, {'p', 'q', str(i)}] for i in range(50_000)}\ncounts = collections.Counter('abracadabra')",
    "text = 'é' * 2_000_000\nblob = bytes(range(256)) * 20_000\nbig = 7 ** 5000\nspan = range(3, 9)",
    "moment = dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc)\nprice = decimal.Decimal('1.' + '3' * 200)",
    "path = pathlib.Path('data') / 'x.csv'\npattern = re.compile(r'(a|b)+')\nmatch = pattern.match('ab')",
    "file = open(__import__('os').devnull)\nbuffer = io.StringIO('x')\nfolder = tempfile.TemporaryDirectory()\nplace = folder.name + '/a.csv'",
    "squares = (i * i for i in range(9))\ncounter = itertools.count()\nlazy = map(str, [1])\nmemory = memoryview(b'abc')",
    "def f(a, b={'x', 'y', 'z'}, *, c=object):\n    '''Doc.'''\n    return a in {'one', 'two', 'three', 'four'} and (lambda: b)",
    "def outer(n, found=frozenset(('a', 'b', 'c'))):\n    def inner():\n        return n, found\n    return inner",
    "closure = outer(3)\nsmall = lambda x: x + 1\nbound = 'abc'.upper\npart = functools.partial(f, 1)\ncached = functools.lru_cache(f)",
    """class Shop:
    size = 3
    def __init__(self, owner):
        self.owner, self.items, self._x = owner, [object()], object()
    def sell(self, n=1):
        return n""",
    "@dataclasses.dataclass\nclass Order:\n    id: int\n    when: dt.date\n    lines: list = dataclasses.field(default_factory=list)",
    "class Colour(enum.Enum):\n    RED = 1\n    BLUE = 'b'\nred = Colour.RED",
    "class Slotted:\n    __slots__ = ('a', 'b')\n    def __init__(self): self.a = 1; self.b = object()",
    "class Spoken:\n    def _repr_ask_(self, level):\n        return f'spoken at {level}'",
    "shop = Shop('Ann')\norder = Order(1, dt.date(2020, 1, 2), [Shop('Bob')])\nslotted, spoken, thing = Slotted(), Spoken(), object()",
    "crowd = [Shop(str(i)) for i in range(5)]\nby_shop = {Shop('a'): 1, len: 2}\nsome = {len, sum, max, min, Shop}\nerr = ValueError(object())",
    "def fails(depth, box):\n    return fails(depth - 1, box) if depth else open(place)",
    "fails(3, object())",
]
LIBRARIES = {
    "polars": "import polars as pl\n"
    "frame = pl.DataFrame({'a': [1, None], 's': ['x', None], 'c': pl.Series(['u', 'v'], dtype=pl.Categorical), 'l': [[1], []]})\n"
    "lazy_frame = frame.lazy().filter(pl.col('a') > 0)\nmuch = pl.DataFrame({'s': [f'v{i}' for i in range(5000)]})",
    "pyarrow": "import pyarrow as pa\ntable = pa.table({'a': [1, None], 's': ['x', None], 'd': pa.array(['u', 'v']).dictionary_encode(),"
    " 'l': [[1], None], 'm': [{'x': 1}, None]})\ncolumn = table.column('s')",
    "sklearn": "from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\n"
    "from sklearn.linear_model import Ridge\nmodel = make_pipeline(StandardScaler(), Ridge()).fit(np.arange(8.0).reshape(4, 2), [1, 2, 3, 5])",
    "xarray": "import xarray as xr\ngrid = xr.DataArray(np.arange(6.0).reshape(2, 3), dims=('x', 'y'), attrs={'unit': 'K'})\nset_ = grid.to_dataset(name='t')",
    "scipy": "import scipy.sparse\nsparse = scipy.sparse.random_array((9, 9), rng=1).tocsr()\nkeys = scipy.sparse.dok_array((3, 3))",
    "dask": "import dask.array as da\nchunked = da.zeros((100, 100), chunks=10)",
    "sqlalchemy": "import sqlalchemy\nengine = sqlalchemy.create_engine('sqlite://')",
    "matplotlib": "import matplotlib\nmatplotlib.use('Agg')\nfrom matplotlib import pyplot as plt\n"
    "fig, ax = plt.subplots()\nlines = ax.plot([1, 2], label='rise')\nhist = ax.hist([1, 2, 2])",
}  # fmt: skip

PROGRAM = """
import asyncio, json, sys
from IPython.core.interactiveshell import InteractiveShell
from askance.records import Ask, Cell, Privacy
from askance.sources.base import StaticState
from askance.sources.cells import CellsSource
from askance.sources.error import ErrorSource
from askance.sources.packages import PackagesSource
from askance.sources.variables import VariablesSource

shift, cells = json.loads(sys.stdin.read())
shell = InteractiveShell.instance()
shell.showtraceback = lambda *_, **__: None
ballast = [object() for _ in range(shift)]
for _ in range(shift % 7):
    shell.run_cell("pass", store_history=True)
before, error, ran = set(shell.user_ns), None, []
for number, source in enumerate(cells):
    result = shell.run_cell(source, store_history=True)
    error = result.error_in_exec or result.error_before_exec
    if error is not None and number < len(cells) - 1:
        raise error
    ran.append(Cell(id=f"c{number}", number=shell.execution_count - 1, source=source, failed=error is not None))
names = {name: value for name, value in shell.user_ns.items() if name not in before}
state = StaticState(names, ran, error)
found = {}
for source in (VariablesSource(state), CellsSource(state), ErrorSource(state),
               PackagesSource(state, sys.modules, sys.path, sys.stdlib_module_names)):
    for one in asyncio.run(source.collect(Ask(question="?", model="m", privacy=Privacy(most=3)))):
        assert source.fingerprint(one.name) == one.fingerprint(), one.id
        found[one.id] = one.fingerprint()
print(json.dumps(found))
"""


def in_a_process(seed, shift, cells, folder):
    environ = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], input=json.dumps([shift, cells]), env=environ, cwd=folder,
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_the_same_cells_in_another_process(tmp_path):
    """Other addresses, hash seeds, execution counts and temporary folders: not one fingerprint differs."""
    pytest.importorskip("pandas")
    extra = [code for library, code in LIBRARIES.items() if _is_installed(library)]
    cells = [*CELLS[:-1], *extra, CELLS[-1]]
    first, *others = [in_a_process(seed, shift, cells, tmp_path) for seed, shift in ((1, 0), (2, 12_345))]
    assert len(first) > 100
    for other in others:
        assert {id_ for id_ in first if first[id_] != other.get(id_)} == set()
        assert other.keys() == first.keys()


def _is_installed(library):
    return any((Path(place) / library).is_dir() for place in sys.path)
