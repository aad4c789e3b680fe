"""`kb explain` as a person meets it: in the terminal, as a page, as lines for scripts."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import main
from app.explaining.inert import inert
from app.explaining.page import page
from kb.documents import Document, Metadata
from kb.facts import EntityRecord, EntityRef, Extraction
from kb.ontology import EntityType
from loaders.cleaning.cuts import Cut, Why
from loaders.extraction.annotations import EntityMention, Span
from loaders.extraction.explanation import Explanation, Finding
from loaders.extraction.trace import Candidate, Origin, Reason, What
from tests import facts as make

ARTICLE = """\
Acme Robotics raises money

By Ada Berg

March 3, 2025

Acme Robotics raised $40 million at a valuation of $300 million. Ada Berg, the CEO of Acme Robotics, founded
the company in 2019. It grew by 40%. OpenAI invested in Acme Robotics.

Sign up for our newsletter
"""
Kb = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kb(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kb:
    """Runs `kb` with these arguments: its exit code, stdout and stderr."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["kb", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "acme.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    return file


def test_each_fact_stands_below_its_sentence_with_who_made_it(kb: Kb, article: Path):
    code, out, _ = kb("explain", article)
    below = out.partition("at a valuation of $300 million.\n")[2].partition("Ada Berg")[0]
    assert code == 0
    assert re.search(
        r"VALUATION  Acme Robotics  300,000,000 USD .*\n +figures, figures\.toml:\d+; conf", below
    )


def test_a_candidate_stands_below_its_sentence_with_its_reason(kb: Kb, article: Path):
    _, out, _ = kb("explain", article)
    assert "It grew by 40%.\n  - “40%”: no rule's words stand beside it (figures)" in out


def test_an_entity_shows_how_it_was_resolved_and_what_refers_to_it(kb: Kb, article: Path):
    _, out, _ = kb("explain", article)
    assert re.search(r"Acme Robotics +Company +provisional.*the company", out)
    assert re.search(r"OpenAI +Company +company/openai", out)


def test_a_line_that_was_left_out_is_shown_with_its_reason(kb: Kb, article: Path):
    _, out, _ = kb("explain", article)
    assert "Sign up for our newsletter: a plea" in out


def test_the_lines_for_scripts_hold_the_facts_that_an_extract_gives(kb: Kb, article: Path):
    explained = [json.loads(line) for line in kb("explain", article, "--format", "jsonl")[1].splitlines()]
    extracted = [json.loads(line) for line in kb("extract", article)[1].splitlines()]
    kinds = {"relation", "figure", "date", "term"}
    told = [line for line in explained if line["kind"] in kinds]
    assert all(line["component"] for line in told)
    shared = [{key: line[key] for key in line if key not in REASONS} for line in told]
    assert sorted(map(json.dumps, shared)) == sorted(
        json.dumps(line) for line in extracted if line["kind"] in kinds
    )


REASONS = {"component", "rule", "rule_confidence", "also"}


def test_the_lines_for_scripts_name_each_reason_by_a_code(kb: Kb, article: Path):
    lines = [json.loads(line) for line in kb("explain", article, "--format", "jsonl")[1].splitlines()]
    (dropped,) = [line for line in lines if line["kind"] == "dropped" and line["text"] == "40%"]
    assert (dropped["code"], dropped["what"], dropped["component"]) == ("NO_RULE", "number", "figures")
    assert {line["code"] for line in lines if line["kind"] == "left_out"} >= {"BYLINE", "PLEA"}


def test_what_is_known_from_outside_dates_the_facts(kb: Kb, tmp_path: Path):
    (tmp_path / "a.txt").write_text("OpenAI was valued at $1 billion last month.\n", encoding="utf-8")
    (tmp_path / "meta.json").write_text('{"published": "2025-04-01"}', encoding="utf-8")
    assert "as of 2025-03" in kb("explain", tmp_path / "a.txt", "--meta", tmp_path / "meta.json")[1]


def test_a_file_that_is_not_there_is_wrong_use(kb: Kb, tmp_path: Path):
    code, _, err = kb("explain", tmp_path / "none.txt")
    assert (code, "There is no file" in err) == (2, True)


def test_a_file_that_cannot_be_read_is_told_in_one_sentence(kb: Kb, tmp_path: Path):
    (tmp_path / "a.txt").write_bytes(b"\x00\x01\x02\x03")
    code, out, err = kb("explain", tmp_path / "a.txt")
    assert (code, out) == (1, "")
    assert "a.txt" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("form", ["text", "html", "jsonl"])
def test_a_page_of_nothing_but_menus_is_explained_as_such(kb: Kb, tmp_path: Path, form: str):
    (tmp_path / "a.txt").write_text("Alpha\nBeta\nGamma\n", encoding="utf-8")
    code, out, _ = kb("explain", tmp_path / "a.txt", "--format", form)
    assert code == 0
    assert out.count("the page holds nothing but labels and links") == 3


def parsed(text: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(text)


def test_the_page_needs_nothing_else(kb: Kb, article: Path):
    tree = parsed(kb("explain", article, "--format", "html")[1])
    assert (
        tree.xpath("//script | //link | //img | //iframe | //object | //form | //*[@src] | //*[@style]") == []
    )
    assert [href for href in tree.xpath("//@href") if not re.fullmatch(r"#[\w-]+", href)] == []


def test_the_policy_of_the_page_lets_in_its_own_style_and_nothing_else(kb: Kb, article: Path):
    tree = parsed(kb("explain", article, "--format", "html")[1])
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,) = tree.xpath("//style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_every_number_in_the_text_leads_to_its_fact(kb: Kb, article: Path):
    tree = parsed(kb("explain", article, "--format", "html")[1])
    targets = tree.xpath("//article/@id")
    assert targets == [f"fact-{n}" for n in range(1, len(targets) + 1)]
    assert sorted(tree.xpath("//a[contains(@class, 'number')]/@href")) == sorted(f"#{one}" for one in targets)


HOSTILE = st.lists(
    st.sampled_from(
        (
            *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '" onmouseover="x', "' style='x"),
            *("</style>", "</p></section>", "<!--", "]]>", "&lt;b&gt;", "javascript:alert(1)", "{{ 7 * 7 }}"),
            *(
                "\u202eevil\u202c",
                "\u2066x\u2069",
                "\x1b[31m",
                "\x00",
                "日本語",
                " ",
                "\n",
                "Acme",
                "$40 million",
            ),
        )
    ),
    min_size=1,
    max_size=8,
).map("".join)
ALLOWED = set(
    "html head meta title style body header h1 bdi dl div dt dd p b a span main section article i ul li q h2 "
    "table thead tbody tr th td".split()
)


@st.composite
def explanations(draw: st.DrawFn) -> Explanation:
    """An explanation of a hostile text with facts, names and candidates at any places, overlapping or not."""
    text = draw(HOSTILE.filter(lambda words: words.strip() != ""))
    name = draw(HOSTILE.filter(lambda words: words.strip() != ""))
    source = Document("a", text, "text/plain", "h", "c", Metadata(title=name, url=name, authors=(name,)))
    ref = EntityRef(EntityType.COMPANY, name)
    spans = st.tuples(*[st.integers(0, len(text))] * 2).map(sorted)
    spans = spans.filter(lambda span: text[slice(*span)].strip() != "")
    places = draw(st.lists(spans, min_size=1, max_size=6))
    facts = tuple(
        make.valuation(source, text, 3e9, name, evidence=make.Evidence(source.id, *span, text[slice(*span)]))
        for span in places
    )
    return Explanation(
        document=source,
        extraction=Extraction(source.id, "test/1", (EntityRecord(ref),), facts),
        sentences=(Span(0, len(text)),),
        mentions=tuple(EntityMention(*span, ref) for span in sorted(map(tuple, places))),
        findings=tuple(
            Finding(fact, Origin("figures", name, 0.9, places[0]), (Origin("frames", name, 0.8),))
            for fact in facts
        ),
        candidates=tuple(
            Candidate(What.NUMBER, *span, Reason.NO_RULE, "figures", says=name) for span in places
        ),
    )


@given(explanations(), HOSTILE)
def test_nothing_of_a_document_becomes_markup(explanation: Explanation, line: str):
    tree = parsed(page(explanation, [Cut(line, Why.BUTTON)]))
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= ALLOWED
    assert {name for element in tree.iter() for name in element.attrib} <= {
        *("lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "dir"),
    }
    assert [href for href in tree.xpath("//@href") if not re.fullmatch(r"#[\w-]+", href)] == []


@given(explanations())
def test_the_words_stand_in_the_page_as_they_are_however_their_marks_overlap(explanation: Explanation):
    tree = parsed(page(explanation, []))
    for added in tree.xpath("//p[@class='text']//i | //p[@class='text']//a"):
        added.drop_tree()
    shown = "".join(tree.xpath("//p[@class='text']")[0].itertext())
    assert shown.split() == inert(explanation.document.text).split()


@given(explanations())
def test_what_steers_the_direction_or_the_terminal_is_written_out(explanation: Explanation):
    assert re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", page(explanation, [])) is None


def test_a_title_cannot_steer_the_terminal(kb: Kb, article: Path, tmp_path: Path):
    (tmp_path / "meta.json").write_text('{"title": "a\\u001b[31mb\\u202ec"}', encoding="utf-8")
    out = kb("explain", article, "--meta", tmp_path / "meta.json")[1]
    assert out.startswith("a⟨U+001B⟩[31mb⟨U+202E⟩c\n")
