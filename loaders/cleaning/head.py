"""The title among the lines above an article."""

from collections.abc import Sequence

from loaders.cleaning.chrome import count

_LONGEST_TITLE = 40
_SHORTEST_TITLE = 4


def groups_of(candidates: Sequence[int], dropped: Sequence[object]) -> list[list[int]]:
    """The candidates in runs that no line that was put aside interrupts; `dropped` is true for those."""
    groups: list[list[int]] = []
    for i in candidates:
        if groups and not any(dropped[groups[-1][-1] + 1 : i]):
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def title_group(groups: Sequence[list[int]], lines: Sequence[str], mark: int | None) -> list[int]:
    """The run that holds the title: the one before the byline or date, else the last, told by a long line.

    Menus, sections and names of sites stand in runs above it.
    """
    if not groups:
        return []
    before = [group for group in groups if mark is not None and group[0] < mark]
    after = [group for group in groups if group not in before]
    for group in (*before[::-1][:1], *after[:1], *before[::-1], *after):
        if any(is_title(lines[i]) for i in group):
            return group
    return (before or list(groups))[-1]


def is_title(line: str) -> bool:
    """Whether the line is as long as titles are."""
    return _SHORTEST_TITLE <= count(line) <= _LONGEST_TITLE
