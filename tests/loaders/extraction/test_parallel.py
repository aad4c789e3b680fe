"""The same extractions however many processes read, whatever the batch and the hash seed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kb.contract import dumps, extraction_lines
from kb.documents import Document, Metadata
from kb.errors import InputError
from loaders.extraction.parallel import ParallelExtractor
from tests.loaders.extraction.reading import extractor

_ROOT = Path(__file__).parents[3]
_SEEDS = _ROOT / "seeds"
_TEXTS = [path.read_text(encoding="utf-8") for path in sorted((_SEEDS / "documents").glob("*.md"))[:4]]
_DOCUMENTS = [
    Document(f"test:{i}", t, "text/plain", "sha256:0", "none/1", Metadata()) for i, t in enumerate(_TEXTS)
]


@pytest.fixture(scope="module")
def parallel() -> Iterator[ParallelExtractor]:
    with ParallelExtractor(_SEEDS, 2) as two:
        yield two


def _lines(documents: list[Document], reader: ParallelExtractor | None = None) -> str:
    found = (reader or extractor()).extract(documents)
    pairs = zip(documents, found, strict=True)
    return "\n".join(dumps(line) for document, one in pairs for line in extraction_lines(document, one))


def test_two_processes_give_byte_for_byte_what_one_gives(parallel: ParallelExtractor) -> None:
    assert _lines(_DOCUMENTS, parallel) == _lines(_DOCUMENTS)


def test_a_document_alone_gives_what_it_gives_among_others() -> None:
    assert "\n".join(_lines([document]) for document in _DOCUMENTS) == _lines(_DOCUMENTS)


def test_the_command_prints_the_same_in_two_processes(tmp_path: Path) -> None:
    files = [tmp_path / f"{i}.txt" for i in range(3)]
    for file, text in zip(files, _TEXTS, strict=False):
        file.write_text(text, encoding="utf-8")
    files.insert(1, tmp_path / "empty.txt")
    files[1].touch()
    one, two = (
        subprocess.run(
            [sys.executable, "-m", "app", "extract", "--workers", number, *files],
            cwd=_ROOT,
            capture_output=True,
            check=False,
        )
        for number in ("1", "2")
    )
    assert (one.returncode, one.stdout, one.stderr) == (two.returncode, two.stdout, two.stderr)
    assert b"empty" in one.stderr


@pytest.mark.long
@pytest.mark.parametrize("seed", ["0", "12345"])
def test_the_hash_seed_changes_nothing(seed: str, tmp_path: Path) -> None:
    files = [tmp_path / f"{i}.txt" for i in range(2)]
    for file, text in zip(files, _TEXTS, strict=False):
        file.write_text(text, encoding="utf-8")
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "app", "extract", *files],
            env=os.environ | {"PYTHONHASHSEED": one},
            cwd=_ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for one in ("1", seed)
    }
    assert len(outputs) == 1


def test_a_process_that_dies_costs_no_more_than_its_document() -> None:
    with ParallelExtractor(_SEEDS, 1) as one:
        reading = one.extract(_DOCUMENTS[:3])
        next(reading)
        for child in psutil.Process().children(recursive=True):
            if "spawn_main" in " ".join(child.cmdline()):
                child.kill()
        with pytest.raises(InputError, match="died"):
            list(reading)
        assert len(list(one.extract(_DOCUMENTS[1:3]))) == 2


def test_no_process_is_left_when_the_extractor_is_closed() -> None:
    with ParallelExtractor(_SEEDS, 1) as one:
        list(one.extract(_DOCUMENTS[:1]))
    left = [c for c in psutil.Process().children(recursive=True) if "spawn_main" in " ".join(c.cmdline())]
    assert left == []
