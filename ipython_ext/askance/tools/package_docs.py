"""The tool that tells of code that can be imported. Enters: a name like pandas.DataFrame.merge. Leaves: signature, docstring.

Of what is imported its objects are read, of what is not its source. Of the project's own modules as much as of its files.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence

from ..errors import ToolError
from ..index.digest import digest
from ..records import Ask
from ..records.privacy import NAMES
from ..sources.base import KernelState
from ..sources.packages import PackagesSource
from ..sources.places import Places, is_library
from ..sources.variable_parts import ANY
from .base import Arguments, Hands, Touches
from .docs import live
from .docs.page import Docs
from .docs.place import place_of
from .docs.written import Written
from .reading import Reading, near, paged, takes, text

_NOT_PACKAGES = frozenset(("__main__", "__mp_main__"))


class PackageDocs(Reading):
    """Tells of modules, classes and functions.

    Args:
        state: the kernel: which cells ran.
        root: the project's folder as text; "" if there is none.
        may_show: whether the lines of a file of code may be shown.
        packages: the source of packages, for versions.
        modules: the imported modules by name (`sys.modules`).
        path: where modules are looked for (`sys.path`).
    """

    name = "package_docs"
    description = (
        "The signature and the docstring of a function, class or module of an installed package or of this project, like "
        "pandas.DataFrame.merge. Use it instead of guessing arguments."
    )
    schema = takes("name", name=text("With its module, like numpy.percentile or pandas.DataFrame.merge"))

    def __init__(
        self,
        state: KernelState,
        root: str,
        may_show: Callable[[str], bool],
        packages: PackagesSource,
        modules: Mapping[str, object],
        path: Sequence[object],
    ) -> None:
        self._state = state
        self._root = root
        self._may_show = may_show
        self._packages = packages
        self._modules = modules
        self._path = path if not root else [*path, root]

    def touches(self, arguments: Arguments) -> Touches:
        """The package; of a module of the project its file too."""
        top, file = self._top(_full(arguments["name"]))
        place = self._places(ANY)[file] if file else None
        own = (f"files:{place.name}",) if place is not None and place.source == "files" else ()
        return Touches(reads=frozenset((f"packages:{top}", *own)))

    def fingerprint(self, arguments: Arguments) -> str | None:
        """A package's version; of other modules a hash of what is told."""
        top, file = self._top(_full(arguments["name"]))
        brought = self._packages.brought(top)
        if brought and (not file or is_library(file)):
            return digest(_full(arguments["name"]), brought)
        try:
            return digest(self._told(arguments["name"], ANY))
        except ToolError:
            return None

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:  # noqa: ARG002
        """What is written about it.

        Raises:
            ToolError: there is no such thing, or nothing may be told of it.
        """
        return paged(self._told(arguments["name"], ask))

    def _told(self, asked: str, ask: Ask) -> str:
        name = _full(asked)
        parts = name.split(".")
        top = parts[0]
        if not all(part.isidentifier() for part in parts) or top in _NOT_PACKAGES:
            raise ToolError(
                f"{asked!r} is no name in a package", "Give it with its module, like pandas.DataFrame.merge."
            )
        places = self._places(ask)
        found, files = (None, ()) if ask.withholds("packages", top) else self._docs(name, places)
        if found is None or any(map(places.hides, files)):
            raise ToolError(f"Nothing is known of {name}", self._near(name, places, ask))
        levels = [ask.privacy.of("files", places[file].name) for file in files if places[file].source == "files"]
        if min([*levels, ask.privacy.of("packages", top) if not levels else NAMES + 1]) == NAMES:
            return f"{found.kind} {name} {self._packages.brought(top)}".rstrip()
        return found.text(name, self._packages.brought(top), whole=all(map(places.shows_code, files)))

    def _docs(self, name: str, places: Places) -> tuple[Docs | None, tuple[str, ...]]:
        """What is known, and in which files it stands."""
        obj, is_all = live.found(name, self._modules)
        found = None if obj is live.NOTHING else live.docs(obj)
        if found is not None:
            own = filter(None, (*live.files(obj), live.home(obj, self._modules), self._top(name)[1]))
            return found, tuple(own)
        written = None if is_all else Written(self._path, lambda file: not places.hides(file)).docs(name)
        if written is not None:
            return written, written.files
        return (
            (None, ())
            if obj is live.NOTHING
            else (Docs(live.type_name(type(obj))), (*filter(None, self._top(name)[1:]),))
        )

    def _top(self, name: str) -> tuple[str, str]:
        """The top-level module of a name, and the file of the innermost module of it; "" if nobody knows."""
        parts = name.split(".")
        for count in range(len(parts), 0, -1):
            module = ".".join(parts[:count])
            imported = self._modules.get(module)
            if imported is not None and (files := live.files(imported)):
                return parts[0], files[0]
            place = place_of(module, self._path)
            if place is not None and place.file:
                return parts[0], place.file
        return parts[0], ""

    def _near(self, name: str, places: Places, ask: Ask) -> str:
        """What there is of this name as far as it was found."""
        for count in range(name.count("."), 0, -1):
            above = ".".join(name.split(".")[:count])
            found, files = self._docs(above, places)
            if (
                found is not None
                and not any(map(places.hides, files))
                and not ask.withholds("packages", above.partition(".")[0])
            ):
                meant = near(name.rpartition(".")[2], found.members)
                return f"{above} is known. {meant}"
        return "Is it installed, and given with its module, like pandas.DataFrame.merge?"

    def _places(self, ask: Ask) -> Places:
        return Places(self._root, self._state.cells(), self._may_show, ask)


def _full(asked: str) -> str:
    """A name with its module: that of Python's own functions and types is usually left out."""
    name = asked.strip().removesuffix("()").strip()
    return f"builtins.{name}" if name.partition(".")[0] in vars(builtins) else name
