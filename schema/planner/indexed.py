"""Lists that an index gives in their order, so that a page reads what it shows and little more.

The database follows an index for an order by the index's own properties, in its order, and by nothing that is
computed. A list whose key is one of several properties is put together from the lists of each of them; what
has no key at all comes after the others, and is looked for where they do not fill the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schema.planner.compiled import Pattern


@dataclass(frozen=True, slots=True)
class Branch:
    """What has one property for its key; `leading` are those before it in the index, the same for all."""

    pattern: Pattern
    key: str
    leading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indexed:
    """The branches of a list, disjoint; `rest` is what has no key, and `absent` stands for its key."""

    branches: tuple[Branch, ...]
    rest: Pattern | None = None
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """The page of the list: the name and direction of its key, and what cursors demand of that.

    `seeks` are comparisons that say the same, less exactly, of the property that is the key; `outer` names
    the variable of the query around that conditions use, if any.
    """

    name: str
    direction: str
    limit: str
    beyond: str
    seeks: Sequence[str]
    outer: str = ""


def rows_in_order(listing: Indexed, variable: str, cut: Cut) -> str:
    """Clauses that bind the page's rows and their key, in order."""
    key, order = cut.name, f"{cut.name}{cut.direction}, {variable}.id"
    found = [_branch(branch, variable, cut) for branch in listing.branches]
    if len(found) == 1:
        rows = f"{found[0]} ORDER BY {_leading(listing.branches[0], cut)}{order} LIMIT {cut.limit}"
    else:
        parts = [
            f"{text} ORDER BY {_leading(branch, cut)}{order} LIMIT {cut.limit} RETURN {variable}, {key}"
            for text, branch in zip(found, listing.branches, strict=True)
        ]
        joined = " UNION ALL ".join(parts)
        rows = f"CALL ({cut.outer}) {{ {joined} }} WITH {variable}, {key} ORDER BY {order} LIMIT {cut.limit}"
    if listing.rest is None:
        return rows
    more = _keyed(listing.rest.text, variable, listing.absent, cut)
    # a subquery for each row of none or one, since a condition would be looked at after all had been read
    short = f"UNWIND CASE WHEN size(top) < {cut.limit} THEN [true] ELSE [] END AS short"
    outer = f", {cut.outer}" if cut.outer else ""
    return (
        f"{rows} WITH collect([{variable}, {key}]) AS top CALL (top{outer}) {{ "
        f"UNWIND top AS one RETURN one[0] AS {variable}, one[1] AS {key} UNION ALL "
        f"{short} CALL (short{outer}) {{ {more} ORDER BY {variable}.id LIMIT {cut.limit} "
        f"RETURN {variable}, {key} }} "
        f"RETURN {variable}, {key} }} WITH {variable}, {key} ORDER BY {order} LIMIT {cut.limit}"
    )


def _branch(branch: Branch, variable: str, cut: Cut) -> str:
    pattern = branch.pattern.where(
        f"{branch.key} IS NOT NULL", *(f"{branch.key} {seek}" for seek in cut.seeks)
    )
    return _keyed(pattern.text, variable, branch.key, cut, carried=branch.leading)


def _keyed(text: str, variable: str, key: str, cut: Cut, carried: Sequence[str] = ()) -> str:
    held = "".join(f", {one} AS leading{place}" for place, one in enumerate(carried))
    within = f" WHERE {cut.beyond}" if cut.beyond else ""
    return f"{text} WITH {variable}{held}, {key} AS {cut.name}{within}"


def _leading(branch: Branch, cut: Cut) -> str:
    return "".join(f"leading{place}{cut.direction}, " for place in range(len(branch.leading)))
