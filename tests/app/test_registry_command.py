"""`kb registry refresh` as a person meets it: what it shows, what it writes, and its exit code."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main
from kb.registry import load_registry

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "registry"
ROWS = {
    "openai": {
        "name": "OpenAI",
        "models": {
            "gpt-77-mini": {"id": "gpt-77-mini", "name": "GPT-77 mini", "release_date": "2027-02-03"},
            "gpt-78": {"id": "gpt-78", "release_date": "2027-99-99"},
        },
    }
}
Kb = Callable[..., tuple[int, str, str]]


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the registry that may be changed."""
    shutil.copytree(SEEDS, tmp_path / "seeds" / "registry")
    monkeypatch.setenv("KB_SEEDS", str(tmp_path / "seeds"))
    return tmp_path / "seeds" / "registry"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A package's data file with a good row and one with an impossible date."""
    file = tmp_path / "data.json"
    file.write_text(json.dumps(ROWS), encoding="utf-8")
    return file


@pytest.fixture
def kb(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kb:
    """Runs `kb` with these arguments: its exit code, stdout and stderr."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["kb", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        return int(end.value.code or 0), captured.out, captured.err

    return run


def test_a_dry_run_shows_the_change_and_writes_nothing(kb: Kb, seeds: Path, data: Path):
    before = (seeds / "models.jsonl").read_bytes()
    _, out, err = kb(
        "registry", "refresh", "models-dev", "--from", data, "--version", "9", "--format", "jsonl"
    )
    shown = [json.loads(line) for line in out.splitlines()]
    assert ("added", "model/gpt-77-mini") in [(row["change"], row["id"]) for row in shown]
    assert "Nothing is written" in err
    assert (seeds / "models.jsonl").read_bytes() == before


def test_written_is_the_good_row_and_its_source(kb: Kb, seeds: Path, data: Path):
    kb("registry", "refresh", "models-dev", "--from", data, "--version", "9", "--write")
    known = load_registry(seeds)
    assert {claim.source for claim in known.entries["model/gpt-77-mini"].claims} == {"models-dev-9"}


def test_a_broken_row_is_named_by_code_and_place_and_makes_the_exit_code_1(kb: Kb, seeds: Path, data: Path):
    code, out, err = kb(
        "registry", "refresh", "models-dev", "--from", data, "--version", "9", "--format", "jsonl"
    )
    flaws = [row for row in map(json.loads, out.splitlines()) if row["change"] == "bad-date"]
    assert (code, [row["place"] for row in flaws]) == (1, ["openai/gpt-78"])
    assert "1 rows not readable (1 bad-date)" in err


def test_a_second_run_says_that_all_is_up_to_date(kb: Kb, seeds: Path, data: Path):
    command = ("registry", "refresh", "models-dev", "--from", data, "--version", "9", "--write")
    kb(*command)
    assert "up to date" in kb(*command)[2]


def test_a_file_that_is_not_there_is_a_wrong_use(kb: Kb, seeds: Path, tmp_path: Path):
    code, _, err = kb("registry", "refresh", "litellm", "--from", tmp_path / "nothing.whl")
    assert (code, "There is no file" in err) == (2, True)


def test_a_package_that_is_not_known_is_a_wrong_use(kb: Kb, seeds: Path):
    assert kb("registry", "refresh", "acme-models")[0] == 2
