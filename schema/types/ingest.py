"""Handing documents over, and following what becomes of them."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any, cast

import strawberry
from graphql import GraphQLError

from kb.errors import UsageError
from kb.jobs import LONGEST_KEY, LONGEST_TEXT, MOST_DOCUMENTS, Job, JobState, Submission
from kb.jobs import Problem as Objection
from kb.partial_date import PartialDate
from kb.protocols import Ingestor
from schema.context import Context
from schema.inputs import FactFilter
from schema.planner.feed import BATCH, behind, feed
from schema.types.facts import Fact

strawberry.enum(JobState, description="How far a job is. FAILED: none of its documents could be read.")


class _Told:
    """What is answered without the graph: read as rows are."""

    def scalar(self, name: str) -> object:
        """The value of a field, by its name in Python."""
        return getattr(self, name)


def _told(description: str) -> Any:  # noqa: ANN401  # the annotation says the type
    return strawberry.field(description=description)


@strawberry.type(description="Why something was not done.")
class Problem(_Told):
    """A problem."""

    code: str = _told(
        "For programs: BAD_INPUT, KEY_REUSED, QUEUE_FULL, NOT_FOUND; of a document URL_REFUSED, "
        "URL_UNREACHABLE, URL_STATUS, URL_TYPE, URL_TOO_LARGE, URL_TIMEOUT, URL_ROBOTS, WITHDRAWN, "
        "NOT_READ, TOO_LARGE, TOO_SLOW, OUT_OF_MEMORY, DIED, DAMAGED, LOCKED, FAULT, READ_IN_PART."
    )
    message: str = _told("For people: one sentence.")
    document: str | None = _told("The idempotency key of the document that it is about.")


@strawberry.type(description="Documents that were handed over together, and what became of them.")
class IngestJob(_Told):
    """A job."""

    id: strawberry.ID = _told("Its id.")
    state: JobState = _told("How far it is.")
    documents: int = _told("How many documents were handed over.")
    done: int = _told("How many of them were dealt with, those with problems too.")
    facts_added: int = _told("Facts that were written since the job was accepted.")
    facts_seen_before: int = _told("Facts of its documents that the graph held already.")
    problems: list[Problem] = _told("What could not be read, or not wholly.")


IngestResult = Annotated[
    IngestJob | Problem,
    strawberry.union("IngestResult", description="A job, or why there is none."),
]


@strawberry.input(description="A document to take in: `url` or `text`, one of them.")
class IngestInput:
    """A document."""

    url: str | None = strawberry.field(
        description="Where it is fetched from: http or https, on a public address.", default=None
    )
    text: str | None = strawberry.field(
        description=f"The text itself, up to {LONGEST_TEXT:,} characters.", default=None
    )
    title: str | None = strawberry.field(description="Its title, where you know it.", default=None)
    published: PartialDate | None = strawberry.field(description="When it was published.", default=None)
    publisher: str | None = strawberry.field(description="Who published it, where you know it.", default=None)
    licence: str | None = strawberry.field(
        description="Its own licence, by SPDX id or page: it decides whether exports carry its text.",
        default=None,
    )
    idempotencyKey: str = strawberry.field(  # noqa: N815  # read by its GraphQL name
        description=f"Your own name for it, up to {LONGEST_KEY} characters: the same key and document give "
        "the same job, whenever they are sent again."
    )


@strawberry.type(description="What can be done: documents are handed over; facts are never edited.")
class Mutation:
    """The mutation type."""

    @strawberry.mutation(
        description="Hand documents over. The job is written down before this answers, and its documents "
        "are read one after the other, each written whole or not at all. Needs the scope `ingest`."
    )
    async def ingest(
        self,
        info: strawberry.Info,
        documents: Annotated[
            list[IngestInput], strawberry.argument(description=f"1 to {MOST_DOCUMENTS} documents.")
        ],
    ) -> IngestResult:
        """Submit a job."""
        submitted = [
            Submission(
                key=one.idempotencyKey,
                url=one.url,
                text=one.text,
                title=one.title,
                published=one.published,
                publisher=one.publisher,
                licence=one.licence,
            )
            for one in documents
        ]
        return _shown(await _ingestor(info).submit(submitted))

    @strawberry.mutation(
        description="Begin no further document of a job. What has been read stays. Needs the scope `ingest`."
    )
    async def cancel_ingest(
        self,
        info: strawberry.Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The job.")],  # noqa: A002  # its GraphQL name
    ) -> IngestResult:
        """Cancel a job."""
        return _shown(await _ingestor(info).cancel(id))


@strawberry.type(description="What can be followed, over graphql-transport-ws or as server-sent events.")
class Subscription:
    """The subscription type."""

    @strawberry.subscription(
        description="A job as it is, then each time that it has changed, until it has ended. Who reads "
        "slowly gets the newest state, not those between. Needs the scope `ingest`."
    )
    async def ingest_progress(
        self,
        info: strawberry.Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The job.")],  # noqa: A002  # its GraphQL name
    ) -> AsyncGenerator[IngestJob, None]:
        """Follow a job."""
        context: Context = info.context
        ingestor = _ingestor(info)
        with context.seats.taken():
            async for job in ingestor.watch(id):
                yield _job(job)
                _ingestor(info)  # as long as the token is good

    @strawberry.subscription(
        description="Every fact that is written from now on, by this server or beside it, once and in the "
        "order of writing. Who reads slowly is behind, and misses nothing."
    )
    async def facts_added(
        self,
        info: strawberry.Info,
        where: Annotated[  # noqa: ARG002  # the planner reads it from the operation
            FactFilter | None,
            strawberry.argument(description="Which facts; what only figures have leaves only figures."),
        ] = None,
    ) -> AsyncGenerator[Fact, None]:
        """Follow the facts."""
        context: Context = info.context
        if context.arrivals is None:
            raise UsageError("New facts are told of by `kb serve` alone.")
        raw = info._raw_info  # pyright: ignore[reportPrivateUsage]  # the only way to the selection
        feed(raw, context.cursors, context.today())  # what cannot be given is told at once
        stamps = context.arrivals.stamps()
        place = behind(await anext(stamps))  # who is counted as open misses nothing from then on
        with context.seats.taken():
            async for stamp in stamps:
                if not context.visitor.may_read:
                    raise GraphQLError("The token was revoked.", extensions={"code": "FORBIDDEN"})
                found = BATCH
                while found == BATCH:
                    asked = feed(raw, context.cursors, context.today())
                    records = await context.reader.fetch(asked.text, asked.between(place, stamp))
                    found = len(records)
                    for place, fact in asked.read(records):  # noqa: B007
                        yield cast("Fact", fact)
                place = behind(stamp)


def _ingestor(info: strawberry.Info) -> Ingestor:
    context: Context = info.context
    if context.ingestor is None:
        raise UsageError("Documents are taken in by `kb serve`; from the shell, `kb load` reads them.")
    if not context.visitor.may_ingest:
        raise GraphQLError(
            "This needs a token with the scope ingest: `kb token create NAME --scope read --scope ingest`.",
            extensions={"code": "FORBIDDEN"},
        )
    return context.ingestor


def _shown(found: Job | Objection) -> IngestJob | Problem:
    return _job(found) if isinstance(found, Job) else _problem(found)


def _job(job: Job) -> IngestJob:
    return IngestJob(
        id=strawberry.ID(job.id),
        state=job.state,
        documents=job.documents,
        done=job.done,
        facts_added=job.facts_added,
        facts_seen_before=job.facts_seen_before,
        problems=[_problem(one) for one in job.problems],
    )


def _problem(found: Objection) -> Problem:
    return Problem(code=found.code, message=found.message, document=found.document)
