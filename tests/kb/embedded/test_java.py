"""Which Java the server is run with."""

from pathlib import Path

import pytest

from kb.embedded import java
from kb.embedded.errors import JavaError


def pretend_java(folder: Path, version: str) -> Path:
    """A program that says of itself what a Java of that version says."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a Java of its own or in a wheel."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(java, "WHEEL", "a_wheel_that_nobody_has")
    return tmp_path


@pytest.mark.parametrize("version", ["17.0.15", "21.0.8", "21"])
def test_17_and_21_on_the_path_are_fit(version: str, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = pretend_java(bare, version)
    monkeypatch.setenv("PATH", str(program.parent))
    assert java.require_java().program == program


@pytest.mark.parametrize("version", ["1.8.0_412", "11.0.2", "25"])
def test_other_versions_are_not_and_the_sentence_names_both_ways(
    version: str, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(pretend_java(bare, version).parent))
    with pytest.raises(
        JavaError, match=r"install a Java 17 or 21.*or let `make setup` install the Python wheel"
    ):
        java.require_java()


def test_java_home_goes_before_the_path(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home, on_path = pretend_java(bare / "home", "21.0.1"), pretend_java(bare / "path", "17.0.1")
    monkeypatch.setenv("JAVA_HOME", str(at_home.parent.parent))
    monkeypatch.setenv("PATH", str(on_path.parent))
    assert java.require_java().program == at_home


def test_a_java_home_that_is_unfit_is_passed_over(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, fit = pretend_java(bare / "old", "11.0.2"), pretend_java(bare / "fit", "17.0.1")
    monkeypatch.setenv("JAVA_HOME", str(old.parent.parent))
    monkeypatch.setenv("PATH", str(fit.parent))
    assert java.require_java().program == fit


def test_a_program_that_cannot_be_run_is_no_java(tmp_path: Path) -> None:
    assert java.ask(tmp_path / "missing") is None


def test_the_wheel_is_locked_by_hash() -> None:
    assert java.REQUIREMENTS.read_text().count("--hash=sha256:") >= 5
