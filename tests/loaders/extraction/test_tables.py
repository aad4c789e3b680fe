"""Tables: a column per attribute, models across the top, columns set apart by blanks."""

from hypothesis import given
from hypothesis import strategies as st

from loaders.extraction.table_layout import find_tables
from loaders.extraction.tables import TableFinder
from tests.loaders.extraction.reading import found, told

MODELS = """Intro.

| Model | Released | Params (B) | Context length | License | Developer | Stars |
|---|---|---|---|---|---|---|
| [Quill-7B](https://q.example) | 2023/10 | 7 | 32K | MIT | Mistral AI | 900 |
| **Quill-70B** | March 2024 | 70 | 128,000 | Apache 2.0 | Mistral AI | 12 |
"""


def test_a_row_tells_one_fact_per_column_that_is_understood() -> None:
    facts = told(TableFinder(), MODELS)
    assert {fact for fact in facts if fact[0] == "Quill-7B" or fact[-1] == "Quill-7B"} == {
        ("Quill-7B", "RELEASED_ON", "2023-10"),
        ("Quill-7B", "PARAMETERS", 7_000_000_000, "parameter"),
        ("Quill-7B", "CONTEXT_WINDOW", 32_000, "token"),
        ("Quill-7B", "RELEASED_UNDER", "MIT"),
        ("Mistral AI", "DEVELOPS", "Quill-7B"),
    }


def test_a_date_in_words_and_a_number_with_commas_are_read() -> None:
    facts = told(TableFinder(), MODELS)
    assert ("Quill-70B", "RELEASED_ON", "2024-03") in facts
    assert ("Quill-70B", "CONTEXT_WINDOW", 128_000, "token") in facts


def test_the_evidence_is_the_row() -> None:
    rows = {fact.evidence.text for fact in found(TableFinder(), MODELS)}
    assert rows == {line for line in MODELS.splitlines() if "Quill" in line}


def test_prices_have_the_currency_of_the_cell_and_the_date_of_the_document() -> None:
    table = "| Model | Input | Output |\n|---|---|---|\n| GPT-4 | $30 | $60 |\n| Quill-7B | €0.14 | €0.42 |"
    facts = found(TableFinder(), table, published="2023-12-12")
    assert {(f.subject.name, f.predicate.value, f.value, f.unit, str(f.as_of)) for f in facts} == {  # type: ignore[union-attr]
        ("GPT-4", "PRICE_INPUT", 30, "USD", "2023-12-12"),
        ("GPT-4", "PRICE_OUTPUT", 60, "USD", "2023-12-12"),
        ("Quill-7B", "PRICE_INPUT", 0.14, "EUR", "2023-12-12"),
        ("Quill-7B", "PRICE_OUTPUT", 0.42, "EUR", "2023-12-12"),
    }


def test_a_price_per_thousand_tokens_is_told_per_million() -> None:
    table = "| Model | Input (per 1K) | Output (per 1K) |\n|---|---|---|\n| GPT-4 | $0.03 | $0.06 |"
    assert ("GPT-4", "PRICE_INPUT", 30, "USD") in told(TableFinder(), table)


def test_inputs_that_are_no_prices_tell_nothing() -> None:
    table = "| Model | Input | Output |\n|---|---|---|\n| GPT-4 | text, image | text |"
    assert told(TableFinder(), table) == set()


def test_models_across_the_top_have_their_scores_below() -> None:
    table = (
        "Benchmark        DBRX     GPT-3.5\nHumanEval        70.1%    48.1%\nMy own test      66.9     57.1"
    )
    assert told(TableFinder(), table) == {
        ("DBRX", "BENCHMARK_SCORE", 70.1, "%", "HumanEval"),
        ("GPT-3.5", "BENCHMARK_SCORE", 48.1, "%", "HumanEval"),
        ("DBRX", "BENCHMARK_SCORE", 66.9, "points", "My own test"),
        ("GPT-3.5", "BENCHMARK_SCORE", 57.1, "points", "My own test"),
    }


def test_attributes_down_the_side_belong_to_the_model_of_the_column() -> None:
    table = (
        "| | GPT-4 | DBRX |\n|---|---|---|\n| Context window | 8K | 32K |\n| Active parameters | - | 36B |"
    )
    assert told(TableFinder(), table) == {
        ("GPT-4", "CONTEXT_WINDOW", 8000, "token"),
        ("DBRX", "CONTEXT_WINDOW", 32_000, "token"),
        ("DBRX", "PARAMETERS", 36_000_000_000, "parameter", "active"),
    }


def test_a_range_of_sizes_is_the_size_of_no_model() -> None:
    assert told(TableFinder(), "| Model | Params (B) |\n|---|---|\n| Quill-7B | 0.1 - 13 |") == set()


def test_several_sizes_are_several_figures() -> None:
    facts = told(TableFinder(), "| Model | Params (B) |\n|---|---|\n| Dolly | 3, 7, 12 |")
    assert {fact[2] for fact in facts} == {3_000_000_000, 7_000_000_000, 12_000_000_000}


def test_a_proprietary_licence_means_a_closed_model() -> None:
    table = "| Model | License |\n|---|---|\n| GPT-4 | Proprietary |\n| DBRX | see card |"
    assert told(TableFinder(), table) == {("GPT-4", "OPENNESS", "CLOSED")}


def test_a_table_of_other_things_tells_nothing() -> None:
    table = "| Quarter | Sales |\n|---|---|\n| Q1 | 7 |\n| Q2 | 9 |"
    assert told(TableFinder(), table) == set()


CELL = st.text(alphabet="ab 7é👩א*`[]()|\\", max_size=12)


@given(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=5))
def test_cells_lie_where_they_say(rows: list[list[str]]) -> None:
    text = "\n".join(["| h | i |", "|---|---|", *("| " + " | ".join(row) + " |" for row in rows)])
    for table in find_tables(text):
        for row in (table.header, *table.rows):
            assert "\n" not in text[row.start : row.end]
            for cell in row.cells:
                words = text[cell.start : cell.end]
                assert words == words.strip()
                assert row.start <= cell.start <= cell.end <= row.end
