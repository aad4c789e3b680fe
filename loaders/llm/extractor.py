"""The extractor behind an OpenAI-compatible endpoint: a model reads, the document decides.

Documents go to the model in passages, several at a time; what it tells is held against the text, so an
invented fact, or one that a text smuggles in as an order, stays out. The extractions are the same, and come
in the same order, whatever the number of questions at a time.
"""

import logging
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from typing import Final

from anyio.from_thread import BlockingPortal, start_blocking_portal

from kb.documents import Document
from kb.errors import KbError
from kb.facts import Extraction
from kb.registry import Registry
from loaders.extraction.selection import distinct
from loaders.llm.budget import Budget
from loaders.llm.cache import AnswerCache
from loaders.llm.client import ChatClient
from loaders.llm.endpoint import Endpoint
from loaders.llm.evidence import Reason, check
from loaders.llm.naming import Linker, entities
from loaders.llm.prompt import VERSION
from loaders.llm.reader import Answers, Reader

_AHEAD: Final = 8
"""Documents under way at a time; their questions share the endpoint's concurrency."""

_Outcome = Answers | KbError
_UnderWay = deque[tuple[Document, Future[_Outcome]]]

log = logging.getLogger(__name__)


class LlmExtractor:
    """Facts that a language model tells and that the document bears out."""

    def __init__(self, endpoint: Endpoint, registry: Registry) -> None:
        """Use the endpoint within its budget, over this extractor's life; connect at the first document."""
        self._endpoint: Final = endpoint
        self._linker: Final = Linker(registry)
        self._client: Final = ChatClient(endpoint)
        self._budget: Final = Budget(endpoint.budget)
        self._cache: Final = AnswerCache(endpoint.cache)
        self._left_out: Final[Counter[Reason]] = Counter()
        self._read_ahead: Final[dict[str, _Outcome]] = {}

    @property
    def name(self) -> str:
        """`llm/`, the model, and the version of what it is asked."""
        return f"llm/{self._endpoint.model}/{VERSION}"

    @property
    def tokens(self) -> int:
        """The tokens used until now."""
        return self._budget.used

    @property
    def left_out(self) -> Mapping[str, int]:
        """How many facts were left out until now, by reason."""
        return {reason.value: self._left_out[reason] for reason in Reason if self._left_out[reason]}

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """One extraction per document, in their order.

        Raises:
            LlmError: when a document cannot be read. Those before it have been given; another call with
                those behind it goes on, and asks nothing twice.
        """
        reader = Reader(self._endpoint, self._client, self._budget, self._cache)
        with start_blocking_portal() as portal, portal.wrap_async_context_manager(reader):
            under_way: _UnderWay = deque()
            for document in documents:
                under_way.append((document, self._begun(portal, reader, document)))
                if len(under_way) == _AHEAD:
                    yield self._next(under_way)
            while under_way:
                yield self._next(under_way)

    def _begun(self, portal: BlockingPortal, reader: Reader, document: Document) -> Future[_Outcome]:
        known = self._read_ahead.pop(document.id, None)
        if known is None:
            return portal.start_task_soon(reader.read, document)
        done: Future[_Outcome] = Future()
        done.set_result(known)
        return done

    def _next(self, under_way: _UnderWay) -> Extraction:
        """The first document's extraction; when it failed, what came of those behind it is kept."""
        document, outcome = under_way.popleft()
        answers = outcome.result()
        if isinstance(answers, KbError):
            self._read_ahead.update((behind.id, future.result()) for behind, future in under_way)
            raise answers
        return self._extraction(document, answers)

    def _extraction(self, document: Document, answers: Answers) -> Extraction:
        checked = check(document, answers, self._linker, self.name)
        self._left_out.update(checked.left_out)
        facts = tuple(distinct(checked.facts))
        reasons = ", ".join(f"{reason} {number}" for reason, number in sorted(checked.left_out.items()))
        log.info("document=%s facts=%d left_out=(%s)", document.id, len(facts), reasons)
        return Extraction(
            document=document.id,
            extractor=self.name,
            entities=tuple(entities(document.text, facts, self._linker)),
            facts=facts,
            dropped=checked.left_out.total(),
        )
