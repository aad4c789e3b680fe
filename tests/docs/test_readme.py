"""The readme speaks of commands, settings and files that there are."""

import re
from pathlib import Path

import pytest
import typer.main

from app.cli import app
from kb.settings import Settings
from schema.examples import examples

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app)


def test_every_command_that_is_shown_exists():
    shown = set(re.findall(r"^\$ kb ([a-z-]+)", README, re.MULTILINE))
    assert shown - set(COMMANDS.commands) == set()


def test_every_make_target_that_is_shown_exists():
    targets = set(
        re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert set(re.findall(r"make ([a-z-]+)", README)) - targets - {"only"} == set()


def test_every_setting_is_told_and_every_told_setting_exists():
    settings = {f"KB_{name.upper()}" for name in Settings.model_fields}
    told = set(re.findall(r"KB_[A-Z0-9_]+", README)) - {"KB_CORPUS", "KB_KNOWLEDGENET"}
    assert told == settings


def test_the_five_questions_are_shown_and_are_examples():
    numbers = {one.name.partition("-")[0] for one in examples()}
    shown = set(re.findall(r"kb query --example (\d)", README))
    assert set("12345") <= shown <= numbers


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_link_leads_to_a_file(target: str):
    assert (ROOT / target).exists()
