"""How a long step tells what it does; quiet by default, a bar on stderr for people."""

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import (
    Progress as RichProgress,
)


class Progress(Protocol):
    """Is told what happens: a step begins, its total in bytes is known, some bytes are done."""

    def step(self, text: str) -> None:
        """A new step begins; `text` says what, without a full stop."""
        ...

    def total(self, size: int) -> None:
        """The step has `size` bytes to do."""
        ...

    def advance(self, size: int) -> None:
        """`size` more bytes are done; may be called from several threads."""
        ...


class Quiet:
    """Shows nothing."""

    def step(self, text: str) -> None:
        """Show nothing."""

    def total(self, size: int) -> None:
        """Show nothing."""

    def advance(self, size: int) -> None:
        """Show nothing."""


class Bar:
    """A context manager that shows each step as a line on stderr, and downloads as a bar.

    Where stderr is no terminal, only the steps are printed.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._bar = RichProgress(*columns, console=self._console, transient=True)
        self._text = ""
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away; stopping one that never began would print an empty line."""
        if self._console.is_terminal:
            self._bar.stop()

    def step(self, text: str) -> None:
        """Print the step."""
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None
        self._text = text
        self._console.print(text, highlight=False, markup=False)

    def total(self, size: int) -> None:
        """Show a bar for this step."""
        self._task = self._bar.add_task(self._text, total=size)

    def advance(self, size: int) -> None:
        """Move the bar on."""
        if self._task is not None:
            self._bar.advance(self._task, size)
