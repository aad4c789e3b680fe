"""A server that cannot start says why in one sentence."""

import sys
from pathlib import Path

import pytest

from kb.embedded import EmbeddedServer, server
from kb.embedded.errors import PlatformError, StorageError
from kb.embedded.home import Home
from kb.embedded.trouble import why


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("java.io.IOException: No space left on device", "the disk is full"),
        ("java.net.BindException: Address already in use", "its port was taken"),
        (
            "FileLockException: Lock file has been locked by another process",
            "another Neo4j works on the same data",
        ),
        ("Could not reserve enough space for 524288KB object heap", "too little free memory"),
        ("something that nobody has seen yet", "says why"),
    ],
)
def test_the_cause_in_the_log_becomes_a_sentence(log: str, sentence: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    home.server_log.write_text("No space left on device, long ago\n" + log)
    assert sentence in why(home, log_start=len("No space left on device, long ago\n"))


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="KB_HOME"):
        EmbeddedServer(tmp_path / "file" / "home").__enter__()


def test_a_full_disk_is_told_before_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.embedded.home.FREE_SPACE", 2**60)
    with pytest.raises(StorageError, match="is full"):
        EmbeddedServer(tmp_path).__enter__()


def test_windows_is_shown_the_other_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.os, "name", "nt")
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(PlatformError, match="Docker"):
        server.check_platform()
