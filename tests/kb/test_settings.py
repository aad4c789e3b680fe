"""Settings come from KB_… alone, have defaults for one's own machine, and are refused by name."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from kb.errors import UsageError
from kb.settings import Settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(f"KB_{field.upper()}", raising=False)


def test_by_default_only_this_machine_is_served():
    assert (Settings.read().host, Settings.read().port) == ("127.0.0.1", 8000)


def test_by_default_the_embedded_database_is_used_and_lingers_ten_minutes():
    assert (Settings.read().neo4j_uri, Settings.read().linger) == (None, 600)


def test_a_variable_sets_its_field(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KB_NEO4J_URI", "neo4j://db:7687")
    monkeypatch.setenv("KB_HOME", "/srv/kb")
    settings = Settings.read()
    assert (settings.neo4j_uri, settings.home) == ("neo4j://db:7687", Path("/srv/kb"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KB_PORT", "http"),
        ("KB_PORT", "70000"),
        ("KB_LINGER", "-1"),
        ("KB_LINGER", "soon"),
        ("KB_CORS_ORIGINS", "charts.example"),
        ("KB_CORS_ORIGINS", "https://charts.example/path"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_the_variable_s_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=rf"^{name} is not usable: .*\.$"):
        Settings.read()


def test_origins_are_a_list_with_commas_and_none_by_default(monkeypatch: pytest.MonkeyPatch):
    assert Settings.read().cors_origins == ()
    monkeypatch.setenv("KB_CORS_ORIGINS", "https://Charts.example, http://localhost:3000")
    assert Settings.read().cors_origins == ("https://charts.example", "http://localhost:3000")


def test_a_password_is_not_shown_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KB_NEO4J_PASSWORD", "xyzzy")
    settings = Settings.read()
    assert "xyzzy" not in repr(settings) + str(settings)
    assert settings.neo4j_password.get_secret_value() == "xyzzy"


def test_settings_never_change():
    with pytest.raises(ValidationError):
        Settings.read().port = 9


def test_the_seeds_are_those_of_the_checkout_unless_a_folder_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    assert (Settings.read().seeds_folder / "registry").is_dir()
    (tmp_path / "registry").mkdir()
    monkeypatch.setenv("KB_SEEDS", str(tmp_path))
    assert Settings.read().seeds_folder == tmp_path


def test_every_setting_says_what_it_is_for():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
