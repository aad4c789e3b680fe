"""Files of records: each form is recognised, each record is a document or facts, each flaw has its place."""

import gzip
import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import arro3.core
import arro3.io
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kb.contract import fact_record
from kb.documents import Metadata, RawDocument
from kb.errors import UsageError
from kb.partial_date import PartialDate
from loaders.refusals import Code
from loaders.sources import Found, Options, Problem, Skipped, Stated, discover
from loaders.sources.mapping import read_mapping


def found(file: Path, options: Options | None = None) -> list[Found]:
    return list(discover([file], options))


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def documents(items: Iterable[Found]) -> list[RawDocument]:
    return [one for one in items if isinstance(one, RawDocument)]


def problems(items: Iterable[Found]) -> list[tuple[str, str]]:
    return [(Path(one.origin).name, one.code) for one in items if isinstance(one, Problem)]


def facts(items: Iterable[Found]) -> list[Mapping[str, Any]]:
    stated = [one for one in items if isinstance(one, Stated)]
    for one in stated:
        assert one.extraction == one.extraction.borne_out(one.document.text)
    return [fact_record(fact) for one in stated for fact in one.extraction.facts]


def told(records: Iterable[Mapping[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """The facts by subject, predicate and these fields; ends are told by their names."""
    named = ("subject", "predicate", *names)
    return [
        tuple(v["name"] if isinstance(v := record.get(name), Mapping) else v for name in named)
        for record in records
    ]


def test_json_lines_are_documents_and_a_broken_line_is_named(tmp_path: Path):
    lines = (
        '{"text": "Acme raised money.", "title": "T", "url": "https://acme.example/a", '
        '"published": "2025-01-02"}\n'
    )
    items = found(
        written(tmp_path, "a.jsonl", lines + '{"text\n\n[1]\n{"body": "B"}\n{"text": ""}\n{"html": "<p>B"}\n')
    )
    first, second = documents(items)
    assert first.data == b"Acme raised money."
    assert first.metadata == Metadata(
        title="T", url="https://acme.example/a", published=PartialDate(2025, 1, 2)
    )
    assert second.media_type == "text/html"
    assert problems(items) == [
        ("a.jsonl, line 2", Code.BAD_ROW),
        ("a.jsonl, line 4", Code.BAD_ROW),
        ("a.jsonl, line 5", Code.UNKNOWN_FORM),
        ("a.jsonl, line 6", Code.BAD_ROW),
    ]


def test_a_row_without_an_id_is_known_by_its_text_wherever_it_stands(tmp_path: Path):
    one = documents(found(written(tmp_path, "a.jsonl", '{"text": "A"}\n{"text": "B"}\n')))
    other = documents(found(written(tmp_path, "a.jsonl", '{"text": "B"}\n')))
    assert one[1].source_key == other[0].source_key


def test_a_csv_is_read_by_the_mapping_of_its_columns(tmp_path: Path):
    mapping = written(
        tmp_path,
        "map.yaml",
        "documents: {text: body, title: headline, publisher: =The Paper, id: nr, licence: terms}",
    )
    table = written(
        tmp_path, "a.csv", 'nr;headline;body;terms\n7;T;"Acme raised\nmoney.";cc by 4.0\n8;U;;\n9;V;W;X;Y\n'
    )
    items = found(table, Options(read_mapping(mapping)))
    (document,) = documents(items)
    assert (document.source_key, document.data) == ("a.csv#7", b"Acme raised\nmoney.")
    assert document.metadata == Metadata(title="T", publisher="The Paper", licence="CC-BY-4.0")
    assert problems(items) == [("a.csv, line 4", Code.BAD_ROW), ("a.csv, line 5", Code.BAD_ROW)]


FACTS = """subject,subject_type,predicate,object,object_type,value,unit,date,as_of
Acme,Company,VALUATION,,,"5,000,000",USD,,2025-01
Ada Berg,Person,FOUNDED,Acme,Company,,,,
Acme,Company,FOUNDED_ON,,,,,2019,
Acme,Company,HEADCOUNT,,,many,person,,
Acme,Company,HEADCOUNT,,,12,,,
Acme,Person,HEADCOUNT,,,12,person,,
Acme,Company,GLORY,,,12,person,,
"""


def test_a_csv_of_facts_states_them_with_the_row_as_evidence(tmp_path: Path):
    items = found(written(tmp_path, "a.csv", FACTS))
    records = facts(items)
    assert told(records, "object", "value", "as_of", "date") == [
        ("Acme", "VALUATION", None, 5_000_000, "2025-01", None),
        ("Ada Berg", "FOUNDED", "Acme", None, None, None),
        ("Acme", "FOUNDED_ON", None, None, None, "2019"),
    ]
    assert "value: 5,000,000; unit: USD" in records[0]["evidence"]["text"]
    assert [place for place, _ in problems(items)] == [f"a.csv, line {n}" for n in (5, 6, 7, 8)]


@pytest.mark.parametrize(
    "broken",
    [
        '"unit": "usd"',
        '"value": NaN',
        '"value": 1e400',
        '"benchmark": "GLUE"',
        r'"scope": "\ud800"',
        '"glory": 1, "lead": 1',
    ],
)
def test_a_row_that_breaks_the_contract_is_a_problem_and_no_document(tmp_path: Path, broken: str):
    whole = (
        '"subject": "Acme", "subject_type": "Company", "predicate": "VALUATION", "value": 5, "unit": "USD"'
    )
    rows = f"{{{whole}, {broken}}}\n{{{whole}}}\n"
    items = found(written(tmp_path, "a.jsonl", rows))
    assert problems(items) == [("a.jsonl, line 1", Code.BAD_ROW)]
    assert [len(one.extraction.facts) for one in items if isinstance(one, Stated)] == [1]


def test_parquet_is_read_as_csv_is(tmp_path: Path):
    text = arro3.core.DataType.utf8()
    columns = {"text": arro3.core.Array(["A", "B"], text), "title": arro3.core.Array(["T", None], text)}
    arro3.io.write_parquet(arro3.core.Table.from_pydict(columns), str(tmp_path / "a.parquet"))
    assert [one.metadata.title for one in documents(found(tmp_path / "a.parquet"))] == ["T", None]


def test_a_broken_parquet_is_a_problem(tmp_path: Path):
    assert problems(found(written(tmp_path, "a.parquet", b"PAR1" + b"x" * 100))) == [
        ("a.parquet", Code.DAMAGED)
    ]


def test_a_mapping_that_names_a_column_that_is_not_there_is_told(tmp_path: Path):
    mapping = read_mapping(written(tmp_path, "map.yaml", "documents: {text: body}"))
    items = found(written(tmp_path, "a.csv", "a,b\n1,2\n"), Options(mapping))
    assert problems(items) == [("a.csv", Code.UNKNOWN_FORM)]


@pytest.mark.parametrize(
    "mapping",
    [
        "",
        "[1]",
        "documents: {title: a}",
        "facts: {subject: a}",
        "documents: {words: a}",
        "{",
        "facts: 3",
        "rows: {}",
    ],
)
def test_a_mapping_that_means_nothing_is_refused(tmp_path: Path, mapping: str):
    with pytest.raises(UsageError, match=r"map\.yaml"):
        read_mapping(written(tmp_path, "map.yaml", mapping))


LITELLM = {
    "sample_spec": {"litellm_provider": "one of these"},
    "cloud/eu/acme-1": {
        "litellm_provider": "cloud",
        "input_cost_per_token": 2.5e-06,
        "output_cost_per_token": 1e-05,
    },
    "acme-2": {"litellm_provider": "acme", "input_cost_per_token": 0.0, "output_cost_per_token": "much"},
    "acme-3": [],
}
MODELS_DEV = {
    "cloud": {"id": "cloud", "name": "Cloud", "models": {"acme-1": {"cost": {"input": 2.5, "output": 10}}}}
}
GENAI_PRICES = [
    {
        "id": "cloud",
        "name": "Cloud",
        "models": [
            {"id": "acme-1", "prices": {"input_mtok": 2.5, "output_mtok": {"base": 10, "tiers": []}}},
            {
                "id": "acme-2",
                "prices": [
                    {"constraint": {"start_date": "2025-05-01"}, "prices": {"input_mtok": 1}},
                    {
                        "constraint": {"start_time": "16:30", "end_time": "00:30"},
                        "prices": {"input_mtok": 0.5},
                    },
                ],
            },
        ],
    }
]


@pytest.mark.parametrize(
    ("data", "seller"), [(LITELLM, "cloud"), (MODELS_DEV, "Cloud"), (GENAI_PRICES, "Cloud")]
)
def test_price_files_state_the_prices_of_each_provider(tmp_path: Path, data: object, seller: str):
    records = facts(found(written(tmp_path, "prices.json", json.dumps(data))))
    assert told(records, "value", "unit", "offered_by")[:2] == [
        ("acme-1", "PRICE_INPUT", 2.5, "USD", seller),
        ("acme-1", "PRICE_OUTPUT", 10, "USD", seller),
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"first": None, **LITELLM},
        {"first": {"mode": "chat"}, **LITELLM},
        {"first": {}, **MODELS_DEV},
        [{"id": "first"}, *GENAI_PRICES],
    ],
)
def test_a_price_file_is_known_though_its_first_record_is_broken(tmp_path: Path, data: object):
    items = found(written(tmp_path, "prices.json", json.dumps(data)))
    assert told(facts(items), "value")[0] == ("acme-1", "PRICE_INPUT", 2.5)
    assert problems(items)[0][0].startswith("prices.json, ")


def test_a_price_that_is_none_is_named_and_the_rest_is_read(tmp_path: Path):
    items = found(written(tmp_path, "prices.json", json.dumps(LITELLM)))
    assert problems(items) == [("prices.json, acme-2", Code.BAD_ROW), ("prices.json, acme-3", Code.BAD_ROW)]


def test_a_price_holds_since_its_own_date_else_since_the_file_s(tmp_path: Path):
    file = written(tmp_path, "prices.json", json.dumps(GENAI_PRICES))
    dated = Options(known=Metadata(published=PartialDate(2025, 6)))
    assert told(facts(found(file, dated)), "value", "as_of") == [
        ("acme-1", "PRICE_INPUT", 2.5, "2025-06"),
        ("acme-1", "PRICE_OUTPUT", 10, "2025-06"),
        ("acme-2", "PRICE_INPUT", 1, "2025-05-01"),
    ]


EPOCH = """Model,Organization,Publication date,Parameters,Training compute (FLOP),Confidence,Base model,\
Model accessibility
Acme-1,"Acme,Other Lab",2024-05-01,7000000000.0,1e+24,Likely,Base-1,Open weights (restricted use)
Acme-2,Acme,soon,-3,,Confident,,Unreleased
,Acme,2024,1,,,,
"""


def test_a_table_of_models_as_epoch_s_states_makers_dates_and_sizes(tmp_path: Path):
    items = found(written(tmp_path, "models.csv", EPOCH))
    records = told(facts(items), "object", "value", "comparator", "date", "access")
    assert records[:7] == [
        ("Acme", "DEVELOPS", "Acme-1", None, None, None, None),
        ("Other Lab", "DEVELOPS", "Acme-1", None, None, None, None),
        ("Acme-1", "RELEASED_ON", None, None, None, "2024-05-01", None),
        ("Acme-1", "PARAMETERS", None, 7_000_000_000, "ABOUT", None, None),
        ("Acme-1", "TRAINING_COMPUTE", None, 1e24, "ABOUT", None, None),
        ("Acme-1", "DERIVED_FROM", "Base-1", None, None, None, None),
        ("Acme-1", "OPENNESS", None, None, None, None, "OPEN_WEIGHTS"),
    ]
    assert [place for place, _ in problems(items)] == ["models.csv, line 3"] * 2 + ["models.csv, line 4"]


ECOSYSTEM = """
- {type: model, name: Acme-1, organization: Acme, created_date: 2024-05-01, size: 7B parameters (dense),
   license: {explanation: why, value: Apache 2.0}, access: open, dependencies: [Pile, Acme-0]}
- {type: application, name: AcmeChat, organization: Acme, created_date: {value: 2024-06},
   dependencies: [Acme-1]}
- {type: dataset, name: Pile, organization: Other}
- {type: model, name: Acme-0, organization: unknown, license: unknown, access: limited, size: unknown}
- {type: model}
"""


def test_ecosystem_graphs_state_models_and_applications(tmp_path: Path):
    items = found(written(tmp_path, "assets.yaml", ECOSYSTEM))
    assert told(facts(items), "object", "value", "date", "access") == [
        ("Acme", "DEVELOPS", "Acme-1", None, None, None),
        ("Acme-1", "RELEASED_ON", None, None, "2024-05-01", None),
        ("Acme-1", "PARAMETERS", None, 7_000_000_000, None, None),
        ("Acme-1", "RELEASED_UNDER", "Apache 2.0", None, None, None),
        ("Acme-1", "OPENNESS", None, None, None, "OPEN_WEIGHTS"),
        ("Acme-1", "DERIVED_FROM", "Acme-0", None, None, None),
        ("Acme", "OFFERS", "AcmeChat", None, None, None),
        ("AcmeChat", "RELEASED_ON", None, None, "2024-06", None),
        ("AcmeChat", "POWERED_BY", "Acme-1", None, None, None),
    ]
    assert problems(items) == [("assets.yaml, asset 5", Code.BAD_ROW)]


def test_an_spdx_licence_is_its_record_and_its_text(tmp_path: Path):
    licence = {
        "licenseId": "Acme-1.0",
        "name": "Acme License",
        "licenseText": "Name the source.",
        "isOsiApproved": True,
    }
    items = found(written(tmp_path, "a.json", json.dumps(licence)))
    assert told(facts(items), "access") == [("Acme-1.0", "OPENNESS", "OPEN_SOURCE")]
    (text,) = documents(items)
    assert (text.data, text.metadata.title) == (b"Name the source.", "Acme License")


def test_the_list_of_spdx_gives_a_record_for_each_licence(tmp_path: Path):
    licences = [{"licenseId": "A", "name": "A Licence", "isOsiApproved": False}, {"licenseId": "B"}]
    items = found(written(tmp_path, "a.json", json.dumps({"licenseListVersion": "3", "licenses": licences})))
    assert [type(one) for one in items] == [Stated, Problem]


def test_a_warc_gives_its_pages_with_their_urls(tmp_path: Path):
    file = tmp_path / "crawl.warc.gz"
    with file.open("wb") as opened:
        writer = WARCWriter(opened, gzip=True)
        for url, kind, status in (
            ("https://acme.example/a", "text/html; charset=utf-8", "200 OK"),
            ("https://acme.example/b", "image/png", "200 OK"),
            ("https://acme.example/c", "text/html", "404 Not Found"),
        ):
            headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.0")
            page = BytesIO(b"<p>Acme is a firm.")
            writer.write_record(
                writer.create_warc_record(url, "response", payload=page, http_headers=headers)
            )
    (page,) = documents(found(file))
    assert (page.source_key, page.media_type) == ("https://acme.example/a", "text/html")


@pytest.fixture(scope="module")
def crawl() -> bytes:
    held = BytesIO()
    writer = WARCWriter(held, gzip=True)
    for name in "ab":
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
        url, page = f"https://acme.example/{name}", BytesIO(b"<p>Acme is a firm." * 100)
        writer.write_record(writer.create_warc_record(url, "response", payload=page, http_headers=headers))
    return held.getvalue()


@pytest.mark.parametrize("lost", [*range(1, 12), 40, 150, 250])
def test_a_warc_that_is_cut_off_gives_what_was_before_and_tells_of_it(
    tmp_path: Path, crawl: bytes, lost: int
):
    items = found(written(tmp_path, "a.warc.gz", crawl[:-lost]))
    pages = [one.source_key[-1] for one in documents(items)]
    # the last 8 bytes are the sum of what was packed: without them alone, all pages are there
    assert pages[0] == "a"
    assert ("b" in pages) <= (lost <= 12)
    assert problems(items) == [("a.warc.gz", Code.DAMAGED)]


def test_what_is_packed_but_no_warc_is_passed_over_in_a_folder(tmp_path: Path):
    written(tmp_path, "a.tar.gz", gzip.compress(b"something else" * 10))
    written(tmp_path, "b.gz", b"\x1f\x8b broken")
    assert [type(one) for one in found(tmp_path)] == [Skipped, Skipped]


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_a_page_that_its_archive_does_not_hold_whole_is_not_taken(tmp_path: Path, kind: str):
    head = f"WARC-Type: resource\r\nWARC-Target-URI: https://acme.example/a\r\nContent-Type: {kind}\r\n"
    page = f"WARC/1.0\r\n{head}Content-Length: 400\r\n\r\nAcme is a firm."
    items = found(written(tmp_path, "a.warc", page))
    assert documents(items) == []
    assert problems(items) == [("a.warc", Code.DAMAGED)]


def test_a_broken_record_of_an_archive_is_told_and_other_files_are_read(tmp_path: Path):
    written(tmp_path, "a.warc", "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n")
    written(tmp_path, "z.txt", "Acme is a firm.")
    items = found(tmp_path)
    assert problems(items) == [("a.warc", Code.DAMAGED)]
    assert [one.source_key for one in documents(items)] == ["z.txt"]


def test_an_asset_whose_type_or_date_is_none_is_named_and_the_rest_is_read(tmp_path: Path):
    assets = """
- {type: [model], name: Acme-1, organization: Acme}
- {type: model, name: Acme-2, organization: Acme, created_date: 2024-13-01}
- {type: model, name: Acme-3, organization: Acme, created_date: 2024-12-01}
"""
    first = "- {type: model, name: Acme-0, organization: Acme}"
    items = found(written(tmp_path, "assets.yaml", first + assets))
    assert problems(items) == [("assets.yaml, asset 2", Code.BAD_ROW)]
    assert told(facts(items), "object", "date") == [
        ("Acme", "DEVELOPS", "Acme-0", None),
        ("Acme", "DEVELOPS", "Acme-2", None),
        ("Acme", "DEVELOPS", "Acme-3", None),
        ("Acme-3", "RELEASED_ON", None, "2024-12-01"),
    ]


def test_a_feed_may_name_its_document_type_and_declares_no_entities(tmp_path: Path):
    kind = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://acme.example/rss.dtd"'
    item = f"<item><title>A</title><guid>a</guid><description>{'Acme is a firm. ' * 80}</description></item>"
    feed = f'<rss version="0.91"><channel><title>T</title>{item}</channel></rss>'
    (entry,) = documents(found(written(tmp_path, "a.rss", f'<?xml version="1.0"?>{kind}>{feed}')))
    assert entry.metadata.title == "A"
    items = found(written(tmp_path, "b.rss", f'<?xml version="1.0"?>{kind} [<!ENTITY a "b">]>{feed}'))
    assert [code for _, code in problems(items)] == [Code.UNKNOWN_FORM]


@pytest.mark.parametrize("in_folder", [True, False])
@pytest.mark.parametrize(
    ("content", "media_type"), [("<!DOCTYPE html><p>A", "text/html"), ("%PDF-1.7", "application/pdf")]
)
def test_a_file_is_told_by_its_content_where_its_name_does_not(
    tmp_path: Path, content: str, media_type: str, in_folder: bool
):
    file = written(tmp_path, "page", content)
    (page,) = documents(found(tmp_path if in_folder else file))
    assert page.media_type == media_type


def test_data_of_no_known_kind_is_skipped_in_a_folder_and_told_of_when_named(tmp_path: Path):
    file = written(tmp_path, "package.json", '{"name": "a"}')
    assert [type(one) for one in found(tmp_path)] == [Skipped]
    assert problems(found(file)) == [("package.json", Code.UNKNOWN_FORM)]


@pytest.mark.parametrize("name", ["log.jsonl", "list.json"])
def test_records_of_unknown_fields_are_one_problem_and_skipped_in_a_folder(tmp_path: Path, name: str):
    rows = ['{"a": 1}', '{"b": 2}']
    content = "\n".join(rows) if name.endswith("l") else f"[{','.join(rows)}]"
    file = written(tmp_path, name, content)
    assert problems(found(file)) == [(name, Code.UNKNOWN_FORM)]
    assert [type(one) for one in found(tmp_path)] == [Skipped]


def test_a_row_that_is_there_twice_is_one_source(tmp_path: Path):
    first, second = documents(found(written(tmp_path, "a.jsonl", '{"text": "A"}\n' * 2)))
    assert first.source_key == second.source_key


def test_two_rows_of_one_name_are_two_sources(tmp_path: Path):
    rows = "Model,Organization,Publication date\nAcme-1,Acme,2024\nAcme-1,Acme,2025\n"
    keys = [
        one.document.source_key for one in found(written(tmp_path, "a.csv", rows)) if isinstance(one, Stated)
    ]
    assert keys == ["a.csv#Acme-1", "a.csv#Acme-1~2"]
