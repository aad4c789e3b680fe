"""The ranking rule of `kb.ranking` in Cypher, for everything that asks the graph what comes first."""

from typing import Final

_RANK: Final = (
    "CASE WHEN @.modality IN ['ASSERTED', 'REPORTED'] "
    "AND coalesce(@.as_of_first, '') <= {moment} THEN 0 ELSE 1 END, coalesce(@.as_of_last, '') DESC,"
    " CASE @.modality WHEN 'ASSERTED' THEN 0 ELSE 1 END, @.confidence DESC, @.id"
)


def rank_order(variable: str, moment: str) -> str:
    """`kb.ranking.rank_key` as an ORDER BY; `moment` refers to a parameter. Both are names of ours."""
    return _RANK.format(moment=moment).replace("@", variable)
