"""The token budget: a question is asked only when it fits, whatever else is under way.

Each question draws a ticket, in the order of documents and passages. What a ticket may use at most counts
until it is settled; then what it did use. A ticket that does not fit beside the earlier ones waits until
these are settled and only then is refused, so the same questions are asked with any number at a time. After
the first refusal nothing more is asked.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from loaders.llm.errors import Code, LlmError


@dataclass(slots=True)
class Ticket:
    """One question's account: what it has used, and what it may use at most until it is settled."""

    most: int
    used: int = 0
    settled: bool = False


class Budget:
    """Tokens that may be used, and those that were; one event loop at a time."""

    def __init__(self, limit: int) -> None:
        """Begin with nothing used."""
        self.limit: Final = limit
        self._settled = 0
        self._open: list[Ticket] = []
        self._refused = False
        self._changed = asyncio.Event()

    @property
    def used(self) -> int:
        """The tokens used until now."""
        return self._settled + sum(ticket.used for ticket in self._open)

    def begin(self) -> None:
        """Enter an event loop; tickets of an earlier one that were broken off count with what they used."""
        for ticket in self._open:
            self._settled += ticket.used
        self._open.clear()
        self._changed = asyncio.Event()

    def ticket(self, most: int) -> Ticket:
        """The account of the next question in order."""
        ticket = Ticket(most)
        self._open.append(ticket)
        return ticket

    async def draw(self, ticket: Ticket, tokens: int) -> None:
        """Book so many tokens on the ticket.

        Raises:
            LlmError: when they do not fit into the budget.
        """
        while not self._fits(ticket, tokens):
            if self._first(ticket):
                self._refused = True
                raise self._spent(tokens)
            await self._changed.wait()
        if self._refused:
            raise self._spent(tokens)
        ticket.used += tokens

    def settle(self, ticket: Ticket) -> None:
        """Close the account: what it used is final."""
        ticket.settled = True
        while self._open and self._open[0].settled:
            self._settled += self._open.pop(0).used
        self._changed.set()
        self._changed = asyncio.Event()

    def _fits(self, ticket: Ticket, tokens: int) -> bool:
        ahead = 0
        for other in self._open:
            if other is ticket:
                break
            ahead += other.used if other.settled else max(other.most, other.used)
        return self._settled + ahead + ticket.used + tokens <= self.limit

    def _first(self, ticket: Ticket) -> bool:
        return self._open[0] is ticket

    def _spent(self, tokens: int) -> LlmError:
        return LlmError(
            Code.BUDGET,
            f"The run's token budget (KB_LLM_BUDGET={self.limit}) is spent: {self.used} tokens are used or "
            f"booked, and the next question needs up to {tokens}; load again to go on where it stopped.",
        )
