"""Releases that a text names only by what sets them apart: `2B and 8B models`, `both the Base and the Chat
variant`.

The family is the model named before them in the sentence, else the one that the text speaks of there. A
size is that of the release by whose name the text itself speaks elsewhere, else one of the family's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kb.facts import EntityRef, Fact, Figure, Relation
from kb.ontology import EntityType, Metric, RelationType
from loaders.extraction.annotations import EXTRACTOR, Annotated, EntityMention
from loaders.extraction.focus import focus
from loaders.extraction.quantities import Quantity
from loaders.extraction.slots import Slotted, all_slotted

_LIST: Final = r"<Z\d+>(?:, <Z\d+>| ?/ ?<Z\d+>)*(?: ?/ ?|,? (?:and|or|&) )<Z\d+>"
_SIZES: Final = re.compile(
    rf"(?P<after>(?<![\w>]){_LIST})(?=[- ](?:(?:billion )?param(?:eter)?s?[- ]?)?"
    r"(?:(?!users|tokens|people|downloads|GPUs?|activ)[\w-]+ ){0,2}(?:models|versions|variants|sizes"
    r"|checkpoints"
    r"|param(?:eter)?s)\b)"
    r"|(?:sizes?|versions|variants|models|weights|flavou?rs|parameter counts?)"
    rf"(?: of|:|,| with| in| at| from| includ(?:e|es|ing)| are| namely| \()* ?(?P<before>{_LIST})"
    r"(?! (?:users|tokens|people|downloads|GPUs?|dollars|activ))"
)
_ACTIVE: Final = re.compile(
    rf"[^<>.;]{{0,30}}\bwith (?P<active>{_LIST}) (?:activated|active)\b[^<>.;]{{0,40}}\brespectively\b"
)
_SIZE: Final = re.compile(
    r"(?P<size>\d+(?:\.\d+)?)[ -]?(?:(?P<short>[BMT])|(?P<long>million|billion|trillion))\b", re.I
)
_SLOT: Final = re.compile(r"<Z(\d+)>")
_SUFFIX: Final = re.compile(r"[ -]\d+(?:\.\d+)?[BMT]$")
_VERSION: Final = re.compile(r"[ -]v\d+(?:\.\d+)*$")
_KIND: Final = (
    "Base|Instruct|Chat|Thinking|Preview|Turbo|Mini|Nano|Lite|Pro|Flash|Vision|Coder|Code|Math|Small"
    "|Medium|Large"
)
_VARIANTS: Final = re.compile(
    rf"\b[Bb]oth (?:the |an? )?(?P<one>{_KIND}) and (?:the |an? )?(?P<two>{_KIND})"
    r" (?:(?:language )?model )?(?:variants|versions|models|checkpoints|weights)\b"
)
_LEAST: Final = 10**6
_SIZED: Final = 0.85
_VARIED: Final = 0.8


class ReleaseFinder:
    """Reads lists of sizes and pairs of variants as releases of the family that the text speaks of."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The sizes as parameters of the releases, and whose releases the sizes and variants are."""
        for sentence in all_slotted(annotated):
            for sizes in size_lists(sentence):
                yield from _sized(annotated, sentence, sizes)
        for found in _VARIANTS.finditer(annotated.text):
            family = _spoken_of(annotated, found.start())
            if family is not None:
                for kind in (found["one"], found["two"]):
                    name = f"{family.name} {kind}"
                    release = _named(annotated, name) or EntityRef(EntityType.MODEL, name)
                    yield _release_of(annotated, release, family, found.span(), _VARIED)


@dataclass(frozen=True, slots=True)
class SizeList:
    """Fillers of a sentence that list the sizes of releases; `active` those of the parts that work,"
    " in step."""

    sizes: tuple[int, ...]
    active: tuple[int, ...]
    start: int
    end: int


def size_lists(sentence: Slotted) -> Iterator[SizeList]:
    """The lists of two or more sizes in the sentence (`1B and 3B models`); plain numbers are none."""
    for found in _SIZES.finditer(sentence.text):
        group = "after" if found["after"] else "before"
        sizes = _indices(found[group])
        if not all(_is_size(sentence.fillers[index]) for index in sizes):
            continue
        active = _ACTIVE.match(sentence.text, found.end(group))
        parts = _indices(active["active"]) if active else ()
        in_step = parts if len(parts) == len(sizes) else ()
        end = active.end() if active and in_step else found.end()
        yield SizeList(sizes, in_step, found.start(), end)


def _indices(words: str) -> tuple[int, ...]:
    return tuple(int(slot[1]) for slot in _SLOT.finditer(words))


def _is_size(filler: object) -> bool:
    return (
        isinstance(filler, Quantity)
        and filler.currency is None
        and not filler.percent
        and isinstance(filler.value, int | float)
        and filler.value >= _LEAST
        and filler.magnitude > 1
    )


def _sized(annotated: Annotated, sentence: Slotted, sizes: SizeList) -> Iterator[Fact]:
    place = sentence.original(sizes.start, sizes.end)
    family = _family(annotated, sentence, sizes.sizes[0], place[0])
    if family is None:
        return
    for position, quantity in enumerate(_quantities(sentence, sizes.sizes)):
        name = _size_of(annotated.text, quantity)
        if name is None:
            continue
        release = _named(annotated, _with_size(family.name, name)) or family
        yield _parameters(annotated, release, quantity, place)
        for part in _quantities(sentence, sizes.active)[position : position + 1]:
            yield _parameters(annotated, release, part, place, active=True)


def _quantities(sentence: Slotted, indices: Sequence[int]) -> list[Quantity]:
    return [filler for index in indices if isinstance(filler := sentence.fillers[index], Quantity)]


def _family(annotated: Annotated, sentence: Slotted, index: int, position: int) -> EntityRef | None:
    """The last model named before the sizes in the sentence, else the one that the text speaks of."""
    before = [
        f for f in sentence.fillers[:index] if isinstance(f, EntityMention) and f.type is EntityType.MODEL
    ]
    return before[-1].ref if before else _spoken_of(annotated, position)


def _spoken_of(annotated: Annotated, position: int) -> EntityRef | None:
    """The only model of this sentence up to the place, or of the one before, else the one in focus."""
    sentence = annotated.sentence_at(position)
    before = annotated.sentence_before(sentence)
    for start, end in ((sentence.start, position), (before.start, before.end) if before else (0, 0)):
        named = {m.ref for m in annotated.mentions_in(start, end, EntityType.MODEL)}
        if named:
            return named.pop() if len(named) == 1 else None
    return focus(annotated, position, (EntityType.MODEL,))


def _size_of(text: str, quantity: Quantity) -> str | None:
    """The size as names have it: `8B`, of `8 billion`, too."""
    found = _SIZE.match(text, quantity.number_start)
    return None if found is None else f"{found['size']}{(found['short'] or found['long'][0]).upper()}"


def _with_size(family: str, size: str) -> str:
    """`Foo 3` with 8B is `Foo 3 8B`, `Foo v2` is `Foo 8B v2`, `Foo 3 70B` is `Foo 3 8B`."""
    name = _SUFFIX.sub("", family)
    version = _VERSION.search(name)
    return f"{name[: version.start()]} {size}{version[0]}" if version else f"{name} {size}"


def _named(annotated: Annotated, name: str) -> EntityRef | None:
    """The model that the text itself names so."""
    return annotated.model_called(name, by_name=True)


def _parameters(
    annotated: Annotated,
    release: EntityRef,
    quantity: Quantity,
    place: Sequence[int],
    *,
    active: bool = False,
) -> Figure:
    return Figure(
        subject=release,
        predicate=Metric.PARAMETERS,
        unit="parameter",
        value=quantity.value,
        comparator=quantity.comparator,
        active=True if active else None,
        evidence=annotated.evidence(*place),
        extractor=EXTRACTOR,
        confidence=_SIZED,
    )


def _release_of(
    annotated: Annotated, release: EntityRef, family: EntityRef, place: Sequence[int], confidence: float
) -> Relation:
    return Relation(
        subject=release,
        predicate=RelationType.RELEASE_OF,
        object=family,
        evidence=annotated.evidence(*place),
        extractor=EXTRACTOR,
        confidence=confidence,
    )
