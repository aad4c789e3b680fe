"""Commands about who is one with whom: judge, undo, resolve."""

import getpass
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.console import say
from app.output import Format, print_rows
from app.wiring import open_graph, registry
from kb.errors import UsageError
from kb.settings import Settings

if TYPE_CHECKING:
    from kb.graph.judging import Judge
    from kb.judgements import Judgement
    from kb.proposals import Proposal

_COLUMNS = ("id", "one", "verdict", "other", "by", "at", "why", "undone")


def judge(
    one: Annotated[str | None, typer.Argument(help="An entity's id, such as company/openai.")] = None,
    other: Annotated[str | None, typer.Argument(help="Another one's.")] = None,
    verdict: Annotated[str | None, typer.Argument(help="same, different or unsure.")] = None,
    *,
    why: Annotated[str | None, typer.Option(help="What makes you think so.")] = None,
    by: Annotated[str | None, typer.Option(help="Who says so; you, unless given.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Show the judgements that stand.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Show all of them, also those undone.")] = False,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Say that two entities are the same, different, or that you are unsure; `kb undo` takes it back.

    Of entities that are the same one stands for all: the registry's before others, then the smallest id.
    Facts of all are answered under it, old ids lead to it, and nothing is lost.
    """
    from kb.graph.judging import Judge
    from kb.judgements import Opinion, Verdict

    if listed or every:
        with open_graph(Settings.read()) as graph:
            found = Judge(graph.driver, graph.database).judgements(undone=every)
        print_rows((_row(one) for one in found), form, _COLUMNS)
        return
    if one is None or other is None or verdict is None:
        raise UsageError("Give two ids and a verdict: kb judge company/a company/b same|different|unsure.")
    if verdict.upper() not in list(Verdict):
        raise UsageError(f"'{verdict}' is no verdict: say same, different or unsure.")
    opinion = Opinion(one, other, Verdict(verdict.upper()), by or _me(), why)
    with open_graph(Settings.read()) as graph:
        judged = Judge(graph.driver, graph.database).judge(opinion)
    told = f"Judgement {judged.judgement.id}" if judged.new else f"Judged already ({judged.judgement.id})"
    if judged.stands is None:
        say(f"{told}: {one} and {other}, {verdict.lower()}.")
    else:
        say(f"{told}: {judged.stands} stands for both; {judged.moved} statements moved.")


def undo(
    judgement: Annotated[
        str | None, typer.Argument(help="The judgement's id; the newest that stands unless given.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who takes it back; you, unless given.")] = None,
) -> None:
    """Take a judgement back: what was merged by it is apart again, each fact where it was."""
    from kb.graph.judging import Judge

    with open_graph(Settings.read()) as graph:
        undone = Judge(graph.driver, graph.database).undo(judgement, by or _me())
    said = undone.judgement.opinion
    say(
        f"Judgement {undone.judgement.id} is undone ({said.one} {said.verdict.value.lower()} {said.other}); "
        f"{undone.moved} statements went back."
    )


def resolve(
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Merge the certain ones; others stay yours.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Proposals that are shown at most.")] = 50,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Propose entities that may be one, with reason and score; certain ones are merged with --apply.

    Certain is what the registry resolves by now: a provisional entity's name is, by exact key and type, that
    of one registry entry. Judge the others with `kb judge`: a pair that was judged is not proposed again.
    """
    from kb.graph.candidates import open_proposals
    from kb.graph.judging import Judge
    from kb.graph.writer import Writer

    settings = Settings.read()
    known = registry(settings.seeds_folder)
    with open_graph(settings) as graph:
        proposals = open_proposals(graph.driver, graph.database, known)
        if apply:
            Writer(graph.driver, graph.database, known).write_registry()
            _merge(Judge(graph.driver, graph.database), [one for one in proposals if one.certain])
            proposals = open_proposals(graph.driver, graph.database, known)
    print_rows(
        (_proposal(one) for one in proposals[:limit]),
        form,
        ("one", "other", "names", "reason", "score", "certain"),
    )
    if len(proposals) > limit:
        say(f"There are {len(proposals)} proposals: raise --limit to see more than {limit}.")


def _merge(judge: "Judge", certain: "Sequence[Proposal]") -> None:
    from kb.graph.candidates import RESOLVER
    from kb.judgements import JudgementError, Opinion, Verdict

    merged = moved = 0
    for proposal in certain:
        try:
            judged = judge.judge(Opinion(*proposal.pair, Verdict.SAME, RESOLVER, proposal.reason.value))
        except JudgementError as error:
            say(f"Left apart: {error}", style="yellow")
            continue
        merged, moved = merged + 1, moved + judged.moved
    say(f"{merged} merged, {moved} statements moved; `kb undo` takes one back.")


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        return "somebody"


def _row(judgement: "Judgement") -> dict[str, Any]:
    said = judgement.opinion
    undone = None if judgement.stands else f"{judgement.undone_at:%Y-%m-%d %H:%M} by {judgement.undone_by}"
    return {
        "id": judgement.id,
        "one": said.one,
        "verdict": said.verdict.value.lower(),
        "other": said.other,
        "by": said.by,
        "at": f"{judgement.at:%Y-%m-%d %H:%M}",
        "why": said.why,
        "undone": undone,
    }


def _proposal(proposal: "Proposal") -> dict[str, Any]:
    return {
        "one": proposal.one.id,
        "other": proposal.other.id,
        "names": f"{proposal.one.name} / {proposal.other.name}",
        "reason": proposal.reason.value,
        "score": proposal.score,
        "certain": proposal.certain,
    }
