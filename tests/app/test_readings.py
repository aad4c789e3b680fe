"""Every document comes with its extraction, or with why it has none, whatever the reader looks ahead."""

from collections.abc import Iterable, Iterator
from itertools import islice

import pytest

from app.ingesting import readings
from kb.documents import Document
from kb.errors import InputError
from kb.facts import Extraction


class Reader:
    """Reads texts, a few ahead of the one that it gives; `bad` ones cannot be read."""

    name = "reader/1"

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        coming = iter(documents)
        waiting = list(islice(coming, self._ahead))
        while waiting:
            document = waiting.pop(0)
            if document.text == "bad":
                raise InputError("no text")
            waiting += islice(coming, 1)
            yield Extraction(document.id, self.name, (), ())


@pytest.mark.parametrize("ahead", [1, 3, 9])
@pytest.mark.parametrize("texts", [[], ["bad"], ["a", "bad", "bad", "b", "c"], ["a", "b", "c", "bad"]])
def test_the_documents_behind_one_that_cannot_be_read_are_read(texts: list[str], ahead: int) -> None:
    documents = [Document(f"k{i}", text, "text/plain", "sha256:0", "none/1") for i, text in enumerate(texts)]
    told = list(readings(Reader(ahead), documents))
    assert [document for document, _ in told] == documents
    for document, read in told:
        assert isinstance(read, InputError) if document.text == "bad" else read.document == document.id


def test_a_reader_that_asks_for_no_document_ends_the_run_with_its_error() -> None:
    class Unable(Reader):
        def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
            raise InputError(f"no model for {type(documents).__name__}s")

    with pytest.raises(InputError, match="no model"):
        list(readings(Unable(1), [Document("k", "a", "text/plain", "sha256:0", "none/1")]))
