"""A folder of CSV for `neo4j-admin database import`, with the arguments that name its files."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, TextIO

import neo4j

from app.rights import RIGHTS, made_by
from app.whole_folder import whole_folder
from kb.errors import UsageError
from kb.graph.bulk import FILL, Item, columns, nodes, relationships, type_of
from kb.graph.connection import Graph

ARGUMENTS: Final = "arguments.txt"
COMMAND: Final = f"neo4j-admin database import full neo4j --overwrite-destination @{ARGUMENTS}"
_BETWEEN: Final = "\x1e"
"""What stands between the elements of a list; within one it is no text."""
_SETTINGS: Final = ("--multiline-fields=true", "--array-delimiter=U+001E", "--threads=2")
_NAMES: Final = re.compile(r"--(?:nodes|relationships)=[\w:]+=[\w-]+\.header\.csv,[\w-]+\.csv")
_READ_ME: Final = f"""\
A graph of {{made_by}}, for Neo4j's offline import into a stopped server's empty database. In this folder:

    {COMMAND}

Start the server, and run this once (`cypher-shell`): empty lists are lost on the way.

    :auto {{fill}}

Then open it with the program, which makes the indexes: `kb status` with KB_NEO4J_URI set to the server.
For the embedded server, `kb build FOLDER` does all three.

{RIGHTS}
"""


def write_bulk(folder: Path, graph: Graph) -> int:
    """Write all nodes and relationships; gives how many there are. The folder is there whole or not at all.

    Raises:
        UsageError: when the folder is there already, or cannot be written.
    """
    with whole_folder(folder, mode=0o700) as part:
        with (
            graph.driver.session(database=graph.database, default_access_mode=neo4j.READ_ACCESS) as session,
            ExitStack() as stack,
        ):
            tables = _Tables(part, columns(session), stack)
            written = tables.take("nodes", nodes(session))
            written += tables.take("relationships", relationships(session))
            tables.end()
        read_me = _READ_ME.format(made_by=made_by(), fill=" ".join(FILL.split()))
        (part / "README.txt").write_text(read_me, encoding="utf-8")
    return written


def arguments_of(folder: Path) -> list[str]:
    """The arguments of an import that a folder tells, which name files in it alone.

    Raises:
        UsageError: when it is no such folder.
    """
    try:
        lines = (folder / ARGUMENTS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{folder} is no folder that `kb export --format neo4j` wrote.") from error
    for one in lines:
        if one not in _SETTINGS and not _NAMES.fullmatch(one):
            raise UsageError(f"{folder / ARGUMENTS}: {one[:80]!r} is not what `kb export` writes.")
    return lines


class _Table:
    """A file of one kind, in which each property is of one type."""

    def __init__(self, ends: Sequence[str], names: Sequence[str], file: TextIO) -> None:
        self._ends, self._names, self._file = ends, names, file
        self._types: dict[str, str] = {}

    def add(self, item: Item, types: Mapping[str, str]) -> bool:
        """Write a row; False where a property of it is of another type than those before."""
        if any(self._types.get(name, told) != told for name, told in types.items()):
            return False
        self._types.update(types)
        cells = (_cell(item.properties[name]) if name in types else "" for name in self._names)
        self._file.write(",".join((*map(str, item.ids), *cells)) + "\n")
        return True

    @property
    def header(self) -> str:
        named = (_quoted(f"{name}:{self._types.get(name, 'string')}") for name in self._names)
        return ",".join((*self._ends, *named)) + "\n"


class _Tables:
    """The files of a folder."""

    def __init__(self, folder: Path, names: Mapping[str, Sequence[str]], stack: ExitStack) -> None:
        self._folder, self._names, self._stack = folder, names, stack
        self._tables: dict[tuple[str, str], list[_Table]] = {}

    def take(self, option: str, items: Iterable[Item]) -> int:
        """Write the items that an option of the import names; gives how many they are."""
        number = 0
        for item in items:
            types = dict(_types(item))
            there = self._tables.setdefault((option, item.kind), [])
            if not any(table.add(item, types) for table in there):
                there.append(self._begun(option, item.kind, len(there)))
                there[-1].add(item, types)
            number += 1
        return number

    def end(self) -> None:
        """Write the headers, which are known now, and the arguments that name all files."""
        arguments: list[str] = list(_SETTINGS)
        for (option, kind), tables in self._tables.items():
            for number, table in enumerate(tables):
                name = _name(option, kind, number)
                (self._folder / f"{name}.header.csv").write_text(table.header, encoding="utf-8")
                arguments.append(f"--{option}={kind}={name}.header.csv,{name}.csv")
        text = "".join(f"{argument}\n" for argument in arguments)
        (self._folder / ARGUMENTS).write_text(text, encoding="utf-8")

    def _begun(self, option: str, kind: str, number: int) -> _Table:
        path = self._folder / f"{_name(option, kind, number)}.csv"
        file = self._stack.enter_context(path.open("w", encoding="utf-8", newline=""))
        ends = (":ID",) if option == "nodes" else (":START_ID", ":END_ID")
        return _Table(ends, self._names.get(kind, ()), file)


def _types(item: Item) -> Iterator[tuple[str, str]]:
    for name, value in item.properties.items():
        told = type_of(value)
        if told is not None:
            yield name, told


def _name(option: str, kind: str, number: int) -> str:
    return f"{option}-{kind.replace(':', '-')}-{number}"


def _cell(value: object) -> str:
    """Texts are quoted, the empty one too: what is not quoted and empty is nothing."""
    match value:
        case bool():
            return json.dumps(value)
        case str():
            return _quoted(value)
        case list():
            return _quoted(_BETWEEN.join(_plain(one) for one in value))
        case _:
            return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value.replace(_BETWEEN, " ")
    iso = getattr(value, "iso_format", None)
    return str(iso() if iso is not None else value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
