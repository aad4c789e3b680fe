"""A folder of tables: a file of CSV or Parquet for each predicate, and whose words are in it."""

import json
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from app.facts_table import columns, values
from app.output import line
from app.rights import RIGHTS, made_by
from app.tabular import Form, csv_rows, json_lines, write_parquet
from app.whole_folder import whole_folder
from kb.ontology import kind_of
from schema.tables import Column


def write_folder(
    folder: Path, lines: Iterable[Mapping[str, Any]], documents: Iterable[Mapping[str, Any]], form: Form
) -> Mapping[str, int]:
    """Write a file for each predicate that there is; gives the rows of each.

    `documents.jsonl` beside them has the documents, `about.json` whose words all these are. The folder is
    there whole or not at all; memory does not grow with the number of rows.

    Raises:
        UsageError: when the folder is there already, or cannot be written.
    """
    with whole_folder(folder) as part:
        rows = _tables(part, lines, form)
        with (part / "documents.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(line(document) + "\n" for document in documents)
        (part / "about.json").write_text(json.dumps(_about(rows, form), indent=2) + "\n", encoding="utf-8")
    return rows


def _about(rows: Mapping[str, int], form: Form) -> Mapping[str, object]:
    return {
        "made_by": made_by(),
        "rights": RIGHTS,
        "attribution": "source_publisher, source_title and source_url of each row",
        "documents": "documents.jsonl: whom to name for each, and its text where its licence allows that",
        "tables": {f"{name}.{form.value}": number for name, number in rows.items()},
    }


class _Table:
    """One predicate's file while its rows come in."""

    def __init__(self, predicate: str, file: IO[bytes], form: Form) -> None:
        self.columns: tuple[Column, ...] = columns(kind_of[predicate])
        self.file = file
        self.rows = 0
        self._form = form
        if form is Form.CSV:
            file.write(csv_rows([[column.name for column in self.columns]]))

    def add(self, line: Mapping[str, Any]) -> None:
        row = values(line, self.columns)
        if self._form is Form.CSV:
            self.file.write(csv_rows([row]))
        else:
            self.file.write(json_lines([column.name for column in self.columns], [row]))
        self.rows += 1


def _tables(folder: Path, lines: Iterable[Mapping[str, Any]], form: Form) -> dict[str, int]:
    tables: dict[str, _Table] = {}
    with ExitStack() as open_files:

        def begun(predicate: str) -> _Table:
            path = folder / f"{predicate}.{form.value}"
            lines = form is Form.PARQUET
            file = open_files.enter_context(tempfile.TemporaryFile() if lines else path.open("wb"))  # noqa: SIM115
            return _Table(predicate, file, form)

        for statement in lines:
            predicate = statement["predicate"]
            if predicate not in tables:
                tables[predicate] = begun(predicate)
            tables[predicate].add(statement)
        if form is Form.PARQUET:
            for predicate, table in tables.items():
                with (folder / f"{predicate}.parquet").open("wb") as file:
                    write_parquet(table.columns, table.file, file)
    return {predicate: tables[predicate].rows for predicate in sorted(tables)}
