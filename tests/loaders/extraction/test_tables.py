"""Tables: a column per attribute, models across the top, columns set apart by blanks."""

import pytest
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


def test_labels_may_stand_in_any_of_the_first_columns() -> None:
    table = (
        "|  | **Benchmark** (Metric) | # Shots | DBRX | GPT-4 |\n|---|---|---|---|---|\n"
        "|  | # Activated Params | - | 36B | - |\n| English | MMLU (Acc.) | 5-shot | 73.7 | **86.4** |"
    )
    assert told(TableFinder(), table) == {
        ("DBRX", "PARAMETERS", 36_000_000_000, "parameter", "active"),
        ("DBRX", "BENCHMARK_SCORE", 73.7, "points", "MMLU (Acc.)"),
        ("GPT-4", "BENCHMARK_SCORE", 86.4, "points", "MMLU (Acc.)"),
    }


def test_a_name_that_spans_rows_is_the_name_of_each() -> None:
    table = (
        "|  | Params | Context length | Token count |\n|---|---|---|---|\n"
        "| Quill 3 (text only) | 8B | 8k | 2T+ |\n|  | 70B | 16k |  |"
    )
    facts = {fact[1:] for fact in told(TableFinder(), table)}
    assert {("PARAMETERS", 70_000_000_000, "parameter"), ("CONTEXT_WINDOW", 16_000, "token")} <= facts


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Input $/MTok | Output $/MTok", "0.25 | 1.25"),
        ("Input (per 1M tokens) | Output (per 1M tokens)", "$0.25 | $1.25"),
        ("Input price | Output price", "~$0.25 / 1M tokens | $1.25 per 1M tokens"),
        ("Price (in/out)", "$0.25 / $1.25"),
        ("Input / Output price per 1M tokens", "$0.25 / $1.25"),
        ("Prompt cost | Completion cost", "$0.00025 / 1K tokens | $0.00125 / 1K tokens"),
        ("API price, input | API price, output", "USD 0.25 | USD 1.25"),
    ],
)
def test_prices_are_read_whatever_their_wording(header: str, cell: str) -> None:
    rule = "|---" * (header.count("|") + 2) + "|"
    table = f"| Model | {header} |\n{rule}\n| GPT-4 | {cell} |"
    assert told(TableFinder(), table) == {
        ("GPT-4", "PRICE_INPUT", 0.25, "USD"),
        ("GPT-4", "PRICE_OUTPUT", 1.25, "USD"),
    }


def test_a_header_of_two_lines_is_read_as_one() -> None:
    table = (
        "| Model | Price per 1M tokens |  | Context |\n|---|---|---|---|\n|  | Input | Output |  |\n"
        "| GPT-4 | $30 | $60 | 8K |"
    )
    assert told(TableFinder(), table) == {
        ("GPT-4", "PRICE_INPUT", 30, "USD"),
        ("GPT-4", "PRICE_OUTPUT", 60, "USD"),
        ("GPT-4", "CONTEXT_WINDOW", 8000, "token"),
    }


def test_models_that_nobody_knows_head_the_columns_of_their_specifications() -> None:
    table = (
        "|  | Tern 9B | Tern 70B |\n|---|---|---|\n| Context window | 32K | 1M |\n"
        "| License | MIT | Proprietary |\n| Knowledge cutoff | 2024-12 | 2024-12 |"
    )
    assert told(TableFinder(), table) == {
        ("Tern 9B", "CONTEXT_WINDOW", 32_000, "token"),
        ("Tern 70B", "CONTEXT_WINDOW", 1_000_000, "token"),
        ("Tern 9B", "RELEASED_UNDER", "MIT"),
        ("Tern 70B", "OPENNESS", "CLOSED"),
    }


def test_the_caption_tells_currency_and_number_of_tokens() -> None:
    table = (
        "### Rates (USD per 1K tokens)\n\n| Model | Input | Output |\n|---|---|---|\n| GPT-4 | 0.03 | 0.06 |"
    )
    assert told(TableFinder(), table) == {
        ("GPT-4", "PRICE_INPUT", 30, "USD"),
        ("GPT-4", "PRICE_OUTPUT", 60, "USD"),
    }


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Total / Active params", "132B / 36B"),
        ("Params", "132B (36B active)"),
        ("Size", "132B-total / ~36B-active"),
        ("Params (total/active)", "132B/36B"),
        ("Active/total parameters", "36B / 132B"),
    ],
)
def test_total_and_active_parameters_are_told_apart(header: str, cell: str) -> None:
    table = f"| Model | {header} |\n|---|---|\n| DBRX | {cell} |"
    assert told(TableFinder(), table) == {
        ("DBRX", "PARAMETERS", 132_000_000_000, "parameter"),
        ("DBRX", "PARAMETERS", 36_000_000_000, "parameter", "active"),
    }


def test_unknown_benchmarks_are_read_below_a_heading_that_speaks_of_results() -> None:
    table = "| Model | KitchenQA | Type | Link |\n|---|---|---|---|\n| GPT-4 | 81.5% | chat | 12 |"
    assert told(TableFinder(), f"## Evaluation results\n\n{table}") == {
        ("GPT-4", "BENCHMARK_SCORE", 81.5, "%", "KitchenQA")
    }
    assert told(TableFinder(), f"## Kitchens\n\n{table}") == set()


@pytest.mark.parametrize("cell", ["—", "N/A", "🟠", "-", "n/a", "TBD"])
def test_a_cell_that_says_nothing_tells_nothing(cell: str) -> None:
    table = f"| Model | Params | License | Context | Released |\n|---|---|---|---|---|\n| DBRX | {cell} |"
    assert told(TableFinder(), table) == set()
    assert (
        told(TableFinder(), f"| Model | License | MMLU |\n|---|---|---|\n| DBRX | {cell} | {cell} |") == set()
    )


def test_training_compute_and_cost_have_columns_of_their_own() -> None:
    table = (
        "| Model | GPU hours | Training cost | Training compute (FLOPs) | Context window |\n"
        "|---|---|---|---|---|\n"
        "| DBRX | 2.8M | $10 million | 2.6e24 | 1M input / 8K output |"
    )
    assert told(TableFinder(), table) == {
        ("DBRX", "TRAINING_COMPUTE", 2_800_000, "GPU-hour"),
        ("DBRX", "TRAINING_COMPUTE", 2.6e24, "FLOP"),
        ("DBRX", "TRAINING_COST", 10_000_000, "USD"),
        ("DBRX", "CONTEXT_WINDOW", 1_000_000, "token"),
    }


def test_footnote_marks_belong_to_no_name_or_number() -> None:
    table = "| Model† | Context length² |\n|---|---|\n| DBRX[1] | 32K† |"
    assert told(TableFinder(), table) == {("DBRX", "CONTEXT_WINDOW", 32_000, "token")}


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
