"""Records that their files have no more: which would be retracted, and retracting them."""

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Final

from app.console import say
from app.output import Format, line

if TYPE_CHECKING:
    from kb.graph.corrections import Corrections
    from kb.graph.lookup import Lookup

NOT_ALL_READ: Final = "Not all was read, so nothing is taken for gone: mend what failed and load again."


def leave(corrections: "Corrections", kept: Mapping[str, Set[str]]) -> None:
    """Retract the records that files have no more; these are the keys of all that they have."""
    for file, keys in kept.items():
        left = corrections.leave(file, keys)
        say(f"{file} has {left.records} records no more: {left.facts} facts retracted.")


def foresee(lookup: "Lookup", kept: Mapping[str, Set[str]], form: Format) -> None:
    """Tell which records `leave` would retract."""
    for file, keys in kept.items():
        gone = lookup.gone(file, keys)
        for one in gone:
            if form is Format.TABLE:
                say(f"{'gone':>8}: {one.facts:4d} retracted  {one.title or one.key}")
            else:
                told = {"origin": one.key, "document": one.id, "facts": 0, "reason": None, "code": None}
                print(line({"state": "gone", **told, "retracted": one.facts}), flush=True)
        facts = sum(one.facts for one in gone)
        say(f"{file} has {len(gone)} records no more: {facts} facts would be retracted.")
