"""The file of `--meta`."""

from pathlib import Path

import pytest

from kb.documents import Metadata
from kb.errors import UsageError
from kb.partial_date import PartialDate
from loaders.metadata_file import read_metadata


def written(folder: Path, text: str) -> Path:
    file = folder / "meta.json"
    file.write_text(text, encoding="utf-8")
    return file


def test_all_fields_are_read(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        '{"title": "A", "publisher": "B", "published": "2025-04", "url": "https://c.example",'
        ' "authors": ["D", "E"], "kind": "news"}',
    )
    assert read_metadata(file) == Metadata(
        title="A", publisher="B", published=PartialDate(2025, 4), url="https://c.example", authors=("D", "E")
    )


def test_missing_and_null_fields_are_unknown(tmp_path: Path) -> None:
    assert read_metadata(written(tmp_path, '{"title": null}')) == Metadata()


def test_one_author_may_be_a_plain_name(tmp_path: Path) -> None:
    assert read_metadata(written(tmp_path, '{"authors": "Ann Poe"}')).authors == ("Ann Poe",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        ('{"title": 3}', "'title'"),
        ('{"published": "1 April"}', "'published'"),
        ('{"published": "2025-02-30"}', "'published'"),
        ('{"authors": [1]}', "'authors'"),
    ],
)
def test_what_is_wrong_is_named_with_the_file(tmp_path: Path, text: str, named: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(UsageError, match=named) as refused:
        read_metadata(file)
    assert str(file) in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.json"):
        read_metadata(tmp_path / "none.json")
