"""Files for dashboards: stable columns, the filters of GraphQL, pages read as they are wanted."""

import asyncio
import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import zstandard
from arro3.io import read_parquet
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.exporting import export_paths, export_router
from app.tabular import Form, written
from app.tokens import Scope
from app.web import create_app
from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.writer import Writer
from kb.registry import Registry
from schema import Context, build_schema
from schema.tables import TABLES, Values
from tests import doors
from tests.app.serving import access, bearer
from tests.schema import world

SCHEMA = build_schema()


@pytest.fixture(scope="module")
def full(neo4j: Address) -> Address:
    """A graph with the small world in it."""
    with open_driver(neo4j) as driver:
        driver.execute_query(doors.WIPE, database_=neo4j.database)
        writer = Writer(driver, neo4j.database, Registry({}, {}))
        for document, extraction in world.documents():
            writer.write(document, extraction, "tests")
    return neo4j


@pytest.fixture(scope="module")
def client(full: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = create_app(full, access(tmp_path_factory.mktemp("tokens")))
    with TestClient(app, "http://127.0.0.1") as client:
        client.headers["accept-encoding"] = "identity"
        yield client


def exported(client: TestClient, path: str, **parameters: Any) -> httpx.Response:
    found = client.get(f"/export/{path}", params=parameters)
    assert found.status_code == 200, found.text
    return found


def lines(client: TestClient, table: str, **parameters: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(client, f"{table}.jsonl", **parameters).text.splitlines()]


def asked(client: TestClient, field: str, arguments: str) -> list[str]:
    query = f"{{ {field}(first: 100{arguments}) {{ nodes {{ id }} pageInfo {{ hasNextPage }} }} }}"
    found = client.post("/graphql", json={"query": query}).json()["data"][field]
    assert not found["pageInfo"]["hasNextPage"]
    return sorted(node["id"] for node in found["nodes"])


@pytest.mark.parametrize("table", TABLES)
def test_the_three_formats_hold_the_same_rows_under_the_same_columns(client: TestClient, table: str):
    told = lines(client, table)
    names = TABLES[table].names
    assert [list(row) for row in told] == [names] * len(told)
    file = read_parquet(io.BytesIO(exported(client, f"{table}.parquet").content)).read_all()
    assert file.column_names == names
    assert [
        dict(zip(names, row, strict=True)) for row in zip(*(c.to_pylist() for c in file.columns), strict=True)
    ] == told
    rows = list(csv.DictReader(io.StringIO(exported(client, f"{table}.csv").text, newline="")))
    assert [list(row) for row in rows] == [names] * len(told)
    for name in ("id", "words", "metric", "object_id"):
        if name in names:
            assert [row[name] for row in rows] == [row[name] for row in told]


def test_a_figure_comes_with_its_words_and_their_document(client: TestClient):
    (row,) = lines(client, "figures", subject="Orbit", metric="VALUATION")
    expected = {
        "subject": "Orbit",
        "subject_type": "Company",
        "value": 300e9,
        "unit": "USD",
        "as_of": "2025-03-31",
        "modality": "ASSERTED",
        "document_title": "News",
        "document_publisher": "The Paper",
        "document_published": "2025-04-01",
        "document_url": None,
        "words": "valued at $300 billion",
    }
    assert {name: row[name] for name in expected} == expected
    assert world.NEWS[row["words_start"] : row["words_end"]] == row["words"]


@pytest.mark.parametrize(
    ("table", "parameters", "arguments"),
    [
        ("figures", {}, ""),
        ("figures", {"pick": "all"}, ", pick: ALL"),
        (
            "figures",
            {"metric": "valuation,users", "pick": "ALL"},
            ", pick: ALL, where: {metric: [VALUATION, USERS]}",
        ),
        ("figures", {"unit": "USD", "min_confidence": "0.5"}, ', where: {unit: "USD", minConfidence: 0.5}'),
        ("figures", {"period": "WEEK,MONTH"}, ", where: {period: [WEEK, MONTH]}"),
        (
            "figures",
            {"modality": "REPORTED,DENIED", "pick": "ALL"},
            ", pick: ALL, where: {modality: [REPORTED, DENIED]}",
        ),
        ("figures", {"type": "PRODUCT"}, ", subject: {type: PRODUCT}"),
        ("figures", {"subject": "company/orbit"}, ', subject: {id: "company/orbit"}'),
        (
            "figures",
            {"subject": ["company/orbit", "Chatter"]},
            ', subject: {name: {in: ["Orbit", "Chatter"]}}',
        ),
        ("figures", {"subject": '{"name": {"startsWith": "Or"}}'}, ', subject: {name: {startsWith: "Or"}}'),
        (
            "figures",
            {"subject": '{"name": {"contains": "e"}}', "subject_type": "PRODUCT"},
            ', subject: {and: [{name: {contains: "e"}}, {type: PRODUCT}]}',
        ),
        (
            "figures",
            {"publisher": "The Paper", "pick": "ALL"},
            ', pick: ALL, where: {evidence: {publisher: {eq: "The Paper"}}}',
        ),
        (
            "figures",
            {"from": "2024", "to": "2024-12", "pick": "ALL"},
            ', pick: ALL, where: {asOf: {from: "2024", to: "2024-12"}}',
        ),
        ("figures", {"valid": "2024-12"}, ', at: {valid: "2024-12"}'),
        ("figures", {"known": "2020-01-01T00:00:00Z"}, ', at: {known: "2020-01-01T00:00:00Z"}'),
        (
            "figures",
            {"where": '{"or": [{"value": {"gt": 3e11}}, {"not": {"metric": "VALUATION"}}]}', "unit": "user"},
            ', where: {and: [{or: [{value: {gt: 3e11}}, {not: {metric: VALUATION}}]}, {unit: "user"}]}',
        ),
        ("relations", {}, ""),
        ("relations", {"pick": "ALL"}, ", pick: ALL"),
        (
            "relations",
            {"type": "WORKS_FOR,DEVELOPS", "pick": "ALL"},
            ", pick: ALL, type: [WORKS_FOR, DEVELOPS]",
        ),
        ("relations", {"role": "CEO", "pick": "ALL"}, ', pick: ALL, where: {role: {eq: "CEO"}}'),
        ("relations", {"role_code": "CTO", "pick": "ALL"}, ', pick: ALL, where: {roleCode: "CTO"}'),
        ("relations", {"status": "FORMER", "pick": "ALL"}, ", pick: ALL, where: {status: FORMER}"),
        (
            "relations",
            {"subject": "Ann Lee", "object": "company/orbit"},
            ', subject: {name: {eq: "Ann Lee"}}, object: {id: "company/orbit"}',
        ),
        ("relations", {"object_type": "MODEL", "pick": "ALL"}, ", pick: ALL, object: {type: MODEL}"),
        ("entities", {}, ""),
        ("entities", {"type": "COMPANY,MODEL"}, ", where: {type: [COMPANY, MODEL]}"),
        ("entities", {"name": ["Orbit", "Lama"]}, ', where: {name: {in: ["Orbit", "Lama"]}}'),
        ("entities", {"id": "company/orbit"}, ', where: {id: "company/orbit"}'),
        ("entities", {"where": '{"related": {"type": "DEVELOPS"}}'}, ", where: {related: {type: DEVELOPS}}"),
        (
            "entities",
            {"where": '{"has": {"metric": "VALUATION"}}', "valid": "2024"},
            ', where: {has: {metric: VALUATION}}, at: {valid: "2024"}',
        ),
    ],
)
def test_a_file_holds_what_graphql_answers_to_the_same_filter(
    client: TestClient, table: str, parameters: dict[str, str], arguments: str
):
    assert [row["id"] for row in lines(client, table, **parameters)] == asked(client, table, arguments)


def test_a_file_without_rows_still_has_its_columns(client: TestClient):
    nothing = {"subject": "Nobody"}
    assert exported(client, "figures.csv", **nothing).text == ",".join(TABLES["figures"].names) + "\r\n"
    assert exported(client, "figures.jsonl", **nothing).text == ""
    empty = read_parquet(io.BytesIO(exported(client, "figures.parquet", **nothing).content)).read_all()
    assert (empty.num_rows, empty.column_names) == (0, TABLES["figures"].names)


@pytest.mark.parametrize("path", export_paths())
def test_a_browser_saves_a_file_under_its_name(client: TestClient, path: str):
    found = client.get(path)
    assert found.headers["content-disposition"] == f'attachment; filename="{path.removeprefix("/export/")}"'
    assert found.headers["x-content-type-options"] == "nosniff"


def test_a_file_is_compressed_for_those_who_take_it(client: TestClient):
    plain = exported(client, "figures.csv").content
    packed = client.get("/export/figures.csv", headers={"accept-encoding": "gzip"})
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", plain)
    with client.stream("GET", "/export/figures.csv", headers={"accept-encoding": "zstd, gzip"}) as best:
        assert best.headers["content-encoding"] == "zstd"
        raw = b"".join(best.iter_raw())
    assert zstandard.ZstdDecompressor().decompressobj().decompress(raw) == plain


def test_who_holds_a_file_gets_304_until_the_data_change(client: TestClient, full: Address):
    tag = exported(client, "figures.csv").headers["etag"]
    asks = {"if-none-match": tag}
    found = client.get("/export/figures.csv", headers=asks)
    assert (found.status_code, found.content) == (304, b"")
    assert exported(client, "figures.jsonl").headers["etag"] != tag
    assert exported(client, "figures.csv", metric="USERS").headers["etag"] != tag
    with open_driver(full) as driver:
        driver.execute_query("MATCH (l:Lease) SET l.version = randomUUID()", database_=full.database)
    assert client.get("/export/figures.csv", headers=asks).status_code == 200


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("metrics=USERS", "no parameter 'metrics': figures takes basis, from,"),
        ("metric=USER", "`where.metric.0` is not usable"),
        ("from=soon", "write 2015, 2025-04 or 2025-04-01"),
        ("known=yesterday", "`at.known` is not usable"),
        ("pick=BEST", "`pick` is not usable"),
        ("pick=ALL&pick=CURRENT", "'pick' is given more than once"),
        ("min_confidence=high", "'min_confidence' is no number"),
        ("where=%7B", "'where' is no JSON"),
        ("where=3", "`where` is not usable"),
        ("where=%7B%22metrics%22%3A1%7D", "unknown field 'metrics'"),
        ("where=" + "[" * 9000, "no JSON"),
        ("where=" + '{"not":' * 12 + "{}" + "}" * 12, "at most 8 deep"),
        ("subject=%7B%22id%22%3A%7B%7D%7D", "`subject.id"),
        ("type=NOTHING", "`subject.type.0` is not usable"),
        ("unit=%ED%A0%80", None),
        ("where=%7B%22metric%22%3A%22%5Cud800%22%7D", r"Value '\ud800' does not exist in 'Metric'"),
        ("valid=%00", "`at.valid` is not usable"),
    ],
)
def test_what_cannot_be_meant_is_a_400_that_says_what_to_change(
    client: TestClient, query: str, told: str | None
):
    found = client.get(f"/export/figures.csv?{query}")
    if told is None:
        assert found.status_code in (200, 400)
        return
    assert (found.status_code, found.json()["error"]["code"]) == (400, "BAD_INPUT")
    assert told in found.json()["error"]["message"]


def test_a_url_beyond_the_bound_is_refused(client: TestClient):
    assert client.get("/export/figures.csv?subject=" + "x" * 40_000).status_code == 414


def test_a_file_needs_the_scope_read_where_reading_is_not_open(full: Address, tmp_path: Path):
    with TestClient(create_app(full, access(tmp_path, loopback=False)), "http://kb.example") as there:
        assert there.get("/export/figures.csv").status_code == 401
        assert there.get("/export/figures.csv", headers=bearer(tmp_path, Scope.CYPHER)).status_code == 403
        assert there.get("/export/figures.csv", headers=bearer(tmp_path, Scope.READ)).status_code == 200


def test_a_database_that_is_away_is_an_incident_that_tells_nothing(tmp_path: Path):
    away = create_app(Address("bolt://127.0.0.1:1", "neo4j", "hunter2"), access(tmp_path))
    with TestClient(away, "http://127.0.0.1") as client:
        found = client.get("/export/figures.csv")
    assert (found.status_code, found.json()["error"]["code"]) == (503, "INTERNAL")
    assert "hunter2" not in found.text
    assert "127.0.0.1" not in found.text


class FailsLater:
    """A database that goes away after some pages."""

    def __init__(self, good: int) -> None:
        self.good = good

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:  # noqa: ARG002  # the protocol's names
        if "version" in query:
            return []
        self.good -= 1
        if self.good < 0:
            raise ConnectionError("gone")
        return [{"id": "x", "row": ["x", ["Company"], "X", [], None, None, False, 1]}]


def test_a_file_that_broke_off_does_not_end_like_a_whole_one():
    app = FastAPI()
    app.include_router(export_router(SCHEMA, lambda: Context(FailsLater(2)), size=1))
    with TestClient(app) as client, pytest.raises(ConnectionError):
        client.get("/export/entities.csv")


def cells(*values: str) -> list[str]:
    """What a spreadsheet reads of a row with these texts."""
    names = TABLES["entities"].names
    row: Values = ["id", "Company", *values, *[None] * (len(names) - 2 - len(values))]

    async def one() -> Any:
        yield [row]

    async def write() -> bytes:
        return b"".join([chunk async for chunk in written(Form.CSV, TABLES["entities"], one())])

    _head, found = csv.reader(io.StringIO(asyncio.run(write()).decode(), newline=""))
    return found[2 : 2 + len(values)]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        '=HYPERLINK("http://x")',
        "-",
        "+",
        "@",
        "=",
        "--1",
        "-1e",
        "＝1+1",
    ],
)
def test_a_text_that_a_spreadsheet_would_compute_is_quoted(text: str):
    assert cells(text) == [f"'{text}"]


@pytest.mark.parametrize("text", ["-1", "+3.5", "-2e10", "-.5", "OpenAI", "a=b", "3-4", " =1", "'x", ""])
def test_a_number_and_an_ordinary_text_stay_as_they_are(text: str):
    assert cells(text) == [text]


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")))
def test_a_cell_begins_a_formula_never_and_gives_its_text_back(text: str):
    (shown,) = cells(text)
    assert not shown.startswith(("=", "@", "\t", "\r"))
    assert text in (shown, shown.removeprefix("'"))
