"""The manifest: everything in its order, in shards whose names tell what is in them and who reads it."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from kb.documents import Metadata, RawDocument
from loaders.shards.manifest import LARGEST, MOST, Shard, shards
from loaders.sources.found import Found, Skipped

BIG = b" " * (LARGEST // 3)


def raw(number: int, data: bytes | None = None) -> RawDocument:
    content = f"Document {number}.".encode() if data is None else data
    return RawDocument(f"{number}.txt", content, "text/plain", origin=f"{number}.txt")


def names(found: list[Found], edition: str = "one") -> list[str]:
    return [shard.name for shard in shards(found, edition)]


found = st.lists(
    st.integers(0, 10_000).map(raw)
    | st.integers(0, 9).map(lambda n: raw(n, BIG))
    | st.integers(0, 9).map(lambda n: Skipped(str(n))),
    max_size=300,
)


@given(found)
def test_shards_one_after_the_other_hold_everything_in_its_order(items: list[Found]):
    assert [item for shard in shards(items, "one") for item in shard.items] == items


@given(found)
def test_no_shard_is_empty_or_too_large(items: list[Found]):
    for shard in shards(items, "one"):
        assert 1 <= len(shard.items) <= MOST
        assert len(shard.items) == 1 or sum(len(one.data) for one in shard.documents) <= LARGEST


def test_one_document_more_leaves_all_shards_but_one_as_they_were():
    documents: list[Found] = [raw(number) for number in range(1000)]
    more = [*documents[:500], raw(5000), *documents[500:]]
    assert len(names(documents)) > 20
    assert len(set(names(documents)) - set(names(more))) == 1


def test_a_name_does_not_depend_on_where_and_when_a_document_was_found():
    document = raw(1)
    moved = replace(document, origin="elsewhere/1.txt", place="file:///1.txt", retrieved=datetime.now(UTC))
    assert names([document]) == names([moved])


def test_a_name_depends_on_all_that_the_reading_depends_on():
    document = raw(1)
    others = [
        replace(document, data=b"Another."),
        replace(document, source_key="2.txt"),
        replace(document, media_type="text/markdown"),
        replace(document, metadata=Metadata(publisher="The Times")),
    ]
    told = [*(names([one])[0] for one in (document, *others)), names([document], "two")[0]]
    assert len(set(told)) == len(told)


def test_an_emptied_shard_keeps_name_and_places_but_no_bytes():
    (shard,) = shards([raw(1), Skipped("b")], "one")
    assert shard.emptied() == Shard(shard.name, (raw(1, b""), Skipped("b")))
