"""What the index's tests share: trees made of dicts, and all that an index holds."""

from pathlib import Path


def write(root, files):
    """Make files: path -> text or bytes."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())


def held(store):
    """Every row of a store, without ids and stamps, which differ between two ways to the same state."""
    rows = store.rows(
        "SELECT files.path, digest, problem, names, modules, texts.path, symbols, headings, body, parts "
        "FROM files LEFT JOIN texts ON texts.rowid = files.id ORDER BY files.path"
    )
    strays = store.rows("SELECT rowid FROM texts WHERE rowid NOT IN (SELECT id FROM files WHERE problem = '')")
    store.rows("INSERT INTO texts (texts) VALUES ('integrity-check')")
    return rows, strays, store.rows("SELECT path, commits, place FROM history ORDER BY path")


def index_file(folder):
    """The one index in a folder."""
    (found,) = Path(folder).glob("*.sqlite")
    return found
