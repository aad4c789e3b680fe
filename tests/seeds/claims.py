"""The claims of registry entries as the tests of the seeds look at them."""

from collections.abc import Iterable, Iterator
from typing import Any

from kb.registry import RegistryEntry


def claims(entries: Iterable[RegistryEntry]) -> Iterator[tuple[RegistryEntry, dict[str, Any]]]:
    """Each claim with the record that it stands in."""
    for entry in entries:
        for claim in entry.claims:
            yield entry, dict(claim.fields)


def ends(entry: RegistryEntry, claim: dict[str, Any]) -> tuple[str, str | None]:
    """Subject and object: the record stands for the end that the claim leaves out."""
    if "subject" in claim:
        return claim["subject"], entry.id
    return entry.id, claim.get("object")
