"""Keys of names: two spellings of one name have one key, two names never have one slug."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.names import (
    BETWEEN,
    ELSEWHERE,
    HEAD,
    LONG,
    SHORT,
    folded,
    folded_forms,
    name_key,
    short,
    slug,
    spellings,
)

NAMES = st.text(min_size=1).filter(str.strip)
SCRIPTS = st.text(st.sampled_from("百度阿里カガハバパハロйиёеאבμάα한글กขค"), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OpenAI", "OPENAI"),
        ("OpenAI, Inc.", "OpenAI"),
        ("Mistral AI SAS", "Mistral AI"),
        ("Nvidia  Corporation", "nvidia"),
        ("Ｏｐｅｎ\u00a0ＡＩ", "Open AI"),
        ("Aleph Alpha G.m.b.H.", "Aleph Alpha"),
        ("Moody’s", "Moody's"),
        ("Foo Co., Ltd.", "Foo"),
        ("Straße", "STRASSE"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Llama 3", "Llama 3.1"), ("xAI", "AI"), ("GPT-4", "GPT-4o")])
def test_different_names_keep_different_keys(one: str, other: str):
    assert name_key(one) != name_key(other)


def test_a_name_that_is_nothing_but_a_legal_form_keeps_it():
    assert name_key("AG") == "ag"


@given(NAMES)
@example("\u0345ſ\u0301")
def test_the_key_of_a_key_is_itself(name: str):
    assert name_key(name_key(name)) == name_key(name)


@given(NAMES)
def test_case_makes_no_other_key_where_it_makes_no_other_letters(name: str):
    lower = name.lower()
    if lower.upper().lower() == lower:
        assert name_key(lower.upper()) == name_key(lower)


@given(NAMES)
def test_a_slug_is_made_of_ascii_letters_digits_dots_and_hyphens(name: str):
    assert re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", slug(name)) is not None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("OpenAI", "openai"),
        ("Llama 3.1", "llama-3.1"),
        ("AT&T", "at-and-t"),
        ("Command R+", "command-r-plus"),
        ("Crédit Agricole", "credit-agricole"),
        ("Hugging Face, Inc.", "hugging-face"),
    ],
)
def test_a_slug_is_readable(name: str, expected: str):
    assert slug(name) == expected


@given(SCRIPTS, SCRIPTS)
@example("バイドゥ", "ハイドゥ")
@example("й", "и")
def test_names_in_other_scripts_never_share_a_slug(one: str, other: str):
    assert (slug(one) == slug(other)) == (name_key(one) == name_key(other))


@given(NAMES)
def test_spellings_of_one_name_share_a_slug(name: str):
    assert slug(name_key(name)) == slug(name)


@given(forms=st.lists(st.text(min_size=1), min_size=1, max_size=4), data=st.data())
def test_a_part_of_a_name_is_a_part_of_its_folded_forms(forms: list[str], data: st.DataObject):
    form = data.draw(st.sampled_from(forms))
    begin = data.draw(st.integers(0, len(form)))
    end = data.draw(st.integers(begin, len(form)))
    assert folded(form[begin:end]) in folded_forms(forms)


@given(form=st.text(min_size=1))
def test_the_beginning_of_a_name_stands_after_a_mark(form: str):
    assert BETWEEN + folded(form) in folded_forms(["x", form])


@given(name=st.text(min_size=1), data=st.data())
def test_a_name_begins_with_one_spelling_of_what_its_small_letters_begin_with(name: str, data: st.DataObject):
    begin = folded(name)[: data.draw(st.integers(0, len(name)))]
    assert sum(name.startswith(one) for one in spellings(begin)) == 1


@given(name=st.text(min_size=1), begin=st.text(max_size=3))
def test_a_name_that_begins_otherwise_begins_with_no_spelling(name: str, begin: str):
    alike = folded(name).startswith(folded(begin)[:HEAD])
    assert any(name.startswith(one) for one in spellings(begin)) == alike


@given(own=st.text(min_size=1), other=st.text(min_size=1))
def test_a_name_with_other_first_letters_than_the_own_has_a_mark(own: str, other: str):
    marked = ELSEWHERE + folded(other) + BETWEEN in folded_forms([own, other])
    assert marked == (folded(other)[:HEAD] != folded(own)[:HEAD])


@given(forms=st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=6))
def test_a_text_of_names_either_is_short_or_has_a_mark_behind_it(forms: list[str]):
    text = folded_forms(forms)
    assert (short(text) == text) != text.endswith(LONG)
    assert len(short(text) or "") <= SHORT
