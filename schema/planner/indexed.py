"""Lists that an index gives in their order, so that a page reads what it shows and little more.

The database follows an index for an order by the index's own properties, in its order, and by nothing that is
computed. A list whose key is one of several properties is put together from the lists of each of them; what
has no key at all stands at the end of the list, and is looked for where the others do not fill the page. Read
backward, the list begins with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from schema.planner.compiled import Pattern, where

SAMPLED: Final = 300
DENSE: Final = 6
"""Where so many of the first pass, a page of 50 is full after some 2,500, which are read in about 2 ms."""


@dataclass(frozen=True, slots=True)
class Branch:
    """What has one property for its key; `leading` are those before it in the index, the same for all.

    Where many have the same key, the index holds the id behind it: the list is `tied`. `looked_at` is what
    conditions take from the index; the database does so only with what is also carried on. `each` is a
    variable that the pattern uses, and the list parameter whose values it takes in turn, none of them twice.
    """

    pattern: Pattern
    key: str
    leading: tuple[str, ...] = ()
    tied: bool = False
    looked_at: tuple[str, ...] = ()
    each: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The first entries of a list, before a filter, and what the filter demands of them."""

    branch: Branch
    passes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Few:
    """Where a filter may leave so little that it is better looked for by the filter's index, and sorted.

    `found` are clauses that bind what may pass, disjoint, each by an index; `many` is how many of those are
    too many, since a page is sooner full in the list's order. `pattern` is the whole list, and `key` its sort
    key with no null in it. Where many of a `sample` pass, nothing is looked for.
    """

    found: tuple[str, ...]
    many: int
    pattern: Pattern
    key: str
    sample: Sample | None = None


@dataclass(frozen=True, slots=True)
class Indexed:
    """The branches of a list, disjoint; `rest` is what has no key, and `absent` stands for its key."""

    branches: tuple[Branch, ...]
    rest: Pattern | None = None
    absent: str = ""
    few: Few | None = None

    @property
    def tied(self) -> bool:
        """Whether an index gives the ids too: they have the direction of the key then."""
        return any(branch.tied for branch in self.branches)


@dataclass(frozen=True, slots=True)
class Seek:
    """What lies beyond a cursor: the sign of its comparisons, and references to its key and id."""

    sign: str
    key: str
    id: str


@dataclass(frozen=True, slots=True)
class Cut:
    """The page of the list: the name of its key, the directions in which it is read, and what cursors demand.

    Entries with one key are read in the direction of `ids_descending`. `beyond` is the condition of cursors;
    `seeks` tell the same. `outer` names the variable of the query around that conditions use, if any.
    """

    name: str
    descending: bool
    ids_descending: bool
    backward: bool
    limit: str
    beyond: str
    seeks: Sequence[Seek]
    outer: str = ""

    @property
    def direction(self) -> str:
        return " DESC" if self.descending else ""

    def by_id(self, variable: str) -> str:
        return f"{variable}.id{' DESC' if self.ids_descending else ''}"


def rows_in_order(listing: Indexed, variable: str, cut: Cut) -> str:
    """Clauses that bind the page's rows and their key, in order."""
    rows = _all_in_order(listing, variable, cut)
    return rows if listing.few is None else _few_or_all(listing.few, rows, variable, cut)


def _few_or_all(few: Few, all_rows: str, variable: str, cut: Cut) -> str:
    """What passes the filter, sorted, where that is not more than can be sorted at once; else in order."""
    outer = f", {cut.outer}" if cut.outer else ""
    found = " UNION ALL ".join(f"{clause} RETURN {variable}" for clause in few.found)
    candidates = f"CALL ({cut.outer}) {{ {found} }} WITH {variable} LIMIT {few.many} RETURN {variable}"
    is_few = f"size(few) < {few.many}"
    row = f"RETURN {variable}, {cut.name}"
    begin = f"WITH COLLECT {{ {candidates} }} AS few"
    if few.sample is not None:
        sparse = f"size(dense) < {DENSE}"
        unless = f"UNWIND CASE WHEN {sparse} THEN [true] ELSE [] END AS sparse"
        sample = f"WITH COLLECT {{ {_sampled(few.sample, variable, cut)} }} AS dense"
        begin = f"{sample} WITH dense, COLLECT {{ {unless} {candidates} }} AS few"
        is_few, outer = f"{sparse} AND {is_few}", f", dense{outer}"
    return (
        f"{begin} CALL (few{outer}) {{ "
        f"UNWIND CASE WHEN {is_few} THEN few ELSE [] END AS {variable} "
        f"{_keyed(few.pattern.text, variable, few.key, cut)} {_ordered(variable, cut)} {row} UNION ALL "
        f"UNWIND CASE WHEN {is_few} THEN [] ELSE [true] END AS many "
        f"CALL (many{outer}) {{ {all_rows} {row} }} {row} }} {_ordered(variable, cut)}"
    )


def _sampled(sample: Sample, variable: str, cut: Cut) -> str:
    """A row for each of the first entries that passes, no more than tell that many do."""
    branch = sample.branch
    held = [f"{one} IS NOT NULL" for one in (branch.key, *branch.looked_at)]
    listed = branch.pattern.where(*held, *_seeks(branch, cut)).text
    return (
        f"{listed} WITH {variable}{_carried(branch)}, {branch.key} AS {cut.name} "
        f"ORDER BY {cut.name}{cut.direction} LIMIT {SAMPLED} "
        f"WITH {variable}{where(sample.passes)} RETURN true LIMIT {DENSE}"
    )


def _all_in_order(listing: Indexed, variable: str, cut: Cut) -> str:
    rows = _joined([_branch(branch, variable, cut) for branch in listing.branches], variable, cut)
    if listing.rest is None:
        return rows
    order = f"{cut.by_id(variable)} LIMIT {cut.limit}"
    rest = f"{_keyed(listing.rest.text, variable, listing.absent, cut)} ORDER BY {order}"
    return _then(rest, rows, variable, cut) if cut.backward else _then(rows, rest, variable, cut)


def _then(first: str, second: str, variable: str, cut: Cut) -> str:
    """The rows of the first, and those of the second where the first do not fill the page."""
    key, outer = cut.name, f", {cut.outer}" if cut.outer else ""
    # a subquery for each row of none or one, since a condition would be looked at after all had been read
    short = f"UNWIND CASE WHEN size(top) < {cut.limit} THEN [true] ELSE [] END AS short"
    # not by aggregation: the database would group by variables of the query around, and give none for none
    return (
        f"WITH COLLECT {{ {first} RETURN [{variable}, {key}] }} AS top CALL (top{outer}) {{ "
        f"UNWIND top AS one RETURN one[0] AS {variable}, one[1] AS {key} UNION ALL "
        f"{short} CALL (short{outer}) {{ {second} RETURN {variable}, {key} }} "
        f"RETURN {variable}, {key} }} {_ordered(variable, cut)}"
    )


def _ordered(variable: str, cut: Cut) -> str:
    order = f"{cut.name}{cut.direction}, {cut.by_id(variable)}"
    return f"WITH {variable}, {cut.name} ORDER BY {order} LIMIT {cut.limit}"


def _joined(parts: Sequence[str], variable: str, cut: Cut, each: str = "") -> str:
    """The rows of several lists, each of them in order and no longer than the page."""
    if len(parts) == 1 and not each:
        return parts[0]
    joined = " UNION ALL ".join(f"{part} RETURN {variable}, {cut.name}" for part in parts)
    outer = ", ".join(filter(None, (each, cut.outer)))
    return f"CALL ({outer}) {{ {joined} }} {_ordered(variable, cut)}"


def _branch(branch: Branch, variable: str, cut: Cut) -> str:
    if branch.tied:
        parts = [_part(branch, conditions, variable, cut) for conditions in _tied(branch, variable, cut)]
    else:
        parts = [_part(branch, [f"{branch.key} IS NOT NULL", *_seeks(branch, cut)], variable, cut)]
    if branch.each is None:
        return _joined(parts, variable, cut)
    each, values = branch.each
    return f"UNWIND {values} AS {each} {_joined(parts, variable, cut, each)}"


def _carried(branch: Branch) -> str:
    return "".join(f", {one} AS looked_at{place}" for place, one in enumerate(branch.looked_at))


def _seeks(branch: Branch, cut: Cut) -> list[str]:
    return [f"{branch.key} {seek.sign}= {seek.key}" for seek in cut.seeks]


def _tied(branch: Branch, variable: str, cut: Cut) -> list[list[str]]:
    """The conditions of what an index with ids gives: beyond a cursor those of its key, then those of others.

    A seek by the key alone would begin with all that have the cursor's key, which may be a tenth of the list.
    """
    key, id_ = branch.key, f"{variable}.id"
    if len(cut.seeks) != 1:
        return [[f"{key} IS NOT NULL", f"{id_} IS NOT NULL", *_seeks(branch, cut)]]
    seek = cut.seeks[0]
    return [
        [f"{key} = {seek.key}", f"{id_} {seek.sign} {seek.id}"],
        [f"{key} {seek.sign} {seek.key}", f"{id_} IS NOT NULL"],
    ]


def _part(branch: Branch, conditions: Sequence[str], variable: str, cut: Cut) -> str:
    if branch.tied and len(cut.seeks) == 1:
        cut = replace(cut, beyond="")
    held = "".join(f", {one} AS leading{place}" for place, one in enumerate(branch.leading))
    held += _carried(branch)
    leading = "".join(f"leading{place}{cut.direction}, " for place in range(len(branch.leading)))
    text = _keyed(branch.pattern.where(*conditions).text, variable, branch.key, cut, held)
    return f"{text} ORDER BY {leading}{cut.name}{cut.direction}, {cut.by_id(variable)} LIMIT {cut.limit}"


def _keyed(text: str, variable: str, key: str, cut: Cut, held: str = "") -> str:
    within = f" WHERE {cut.beyond}" if cut.beyond else ""
    return f"{text} WITH {variable}{held}, {key} AS {cut.name}{within}"
