"""Asks the examples before somebody does.

A text that the database has not seen costs it up to seconds to plan, where a known one costs milliseconds.
"""

import logging
from collections.abc import Callable
from typing import Final

from graphql import GraphQLError

from schema.context import Context
from schema.examples import examples
from schema.execution.executor import Executor

_LOG: Final = logging.getLogger(__name__)


async def warm(executor: Executor, context: Callable[[], Context]) -> None:
    """Ask each example once, one after the other; what goes wrong is logged.

    A graph may lack whom an example asks about: the database was asked all the same.
    """
    for example in examples():
        answer = await executor.answer(example.query, None, {}, context())
        if answer is None or any(_is_fault(error) for error in answer.errors):
            _LOG.warning("The example %s could not be asked before its first reader.", example.name)


def _is_fault(error: GraphQLError) -> bool:
    return (error.extensions or {}).get("code") != "BAD_INPUT"
