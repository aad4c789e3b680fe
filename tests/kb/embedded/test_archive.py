"""The start-up archive: made whole or not at all, and fit for the Java that starts the server."""

import shutil
import subprocess
from pathlib import Path

import pytest

from kb.embedded import cache_folder
from kb.embedded.archive import ArchivePlan, archive_command, archive_flags, archive_plan, make_archive
from kb.embedded.fetch import ensure_jars
from kb.embedded.java import require_java
from kb.embedded.lease import Lock
from kb.embedded.progress import Quiet


@pytest.fixture
def plan(tmp_path: Path) -> ArchivePlan:
    """An archive that is not there yet, of the real jars."""
    return archive_plan(tmp_path, require_java(), ensure_jars(cache_folder(), Quiet()))


@pytest.mark.long
def test_an_archive_that_was_made_is_one_that_this_java_accepts(plan: ArchivePlan) -> None:
    assert archive_flags(plan) == []
    assert make_archive(plan)
    # with -Xshare:on the JVM refuses to start when it cannot use the archive
    flags = [plan.java, "-Xshare:on", "-XX:+UseSerialGC", *archive_flags(plan), "-cp", ":".join(plan.jars)]
    subprocess.run([*flags, "-version"], check=True, capture_output=True)
    assert archive_command(plan) == []


def test_a_java_that_fails_leaves_no_archive(plan: ArchivePlan, tmp_path: Path) -> None:
    broken = ArchivePlan(str(shutil.which("false")), plan.jars, plan.base, plan.archive)
    assert not make_archive(broken)
    assert list(tmp_path.rglob("*.jsa")) == []


def test_two_servers_do_not_make_the_same_archive(plan: ArchivePlan, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    other = Lock.open(tmp_path / "archive" / "lock")
    other.take()
    assert not make_archive(plan)
    other.close()


def test_another_java_or_a_jar_that_was_fetched_again_asks_for_another_archive(tmp_path: Path) -> None:
    java = require_java()
    jar = tmp_path / "one.jar"
    names: set[str] = set()
    for content in ("first", "second"):
        jar.write_text(content)
        names.add(archive_plan(tmp_path, java, [jar]).archive)
    names.add(archive_plan(tmp_path, type(java)(java.program, java.major, "another"), [jar]).archive)
    assert len(names) == 3
