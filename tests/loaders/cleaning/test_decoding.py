"""Bytes to text: encodings, line ends, damage."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.documents import RawDocument
from kb.errors import InputError
from loaders.cleaning import clean
from loaders.cleaning.decoding import decode, normalise

WORDS = "Quillon Labs hat für 20 Millionen Euro „kluge“ Modelle gekauft, sagte die Gründerin am Dienstag."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_text_is_read_in_the_encodings_that_files_come_in(encoding: str) -> None:
    assert normalise(decode(WORDS.encode(encoding))) == WORDS


@pytest.mark.parametrize(
    ("encoding", "label"), [("cp1252", "iso-8859-1"), ("cp1251", "windows-1251"), ("cp932", "shift_jis")]
)
def test_a_page_is_read_in_the_encoding_that_it_declares(encoding: str, label: str) -> None:
    words = {"cp1252": "Gründerin", "cp1251": "модели", "cp932": "言語モデル"}[encoding]
    html = f"<html><head><meta charset='{label}'></head><body>{words}</body></html>"
    assert words in decode(html.encode(encoding), html=True)


def test_one_broken_byte_does_not_turn_utf8_into_another_encoding() -> None:
    data = ("é" * 50 + "x").encode() + b"\xff" + ("ü" * 50).encode()
    assert normalise(decode(data)) == "é" * 50 + "x" + "ü" * 50


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\t",
        b"\xef\xbb\xbf",
        b"%PDF-1.7 abc",
        b"PK\x03\x04rest",
        bytes(range(256)) * 20,
        b"\x00" * 99,
    ],
)
def test_what_is_no_text_is_refused_with_one_sentence(data: bytes) -> None:
    with pytest.raises(InputError) as refused:
        clean(RawDocument("file", data, "text/plain"))
    assert str(refused.value).endswith(".")
    assert str(refused.value).count(". ") == 0


def test_an_unknown_media_type_is_refused() -> None:
    with pytest.raises(InputError, match="image/png"):
        clean(RawDocument("file", b"words", "image/png"))


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("e\u0301", "é"),
        ("donâ€™t", "don’t"),
        ("it’s “so”", "it’s “so”"),
        ("a\x00b\x07c\u200bd\ufeff", "abcd"),
        ("non\u00a0breaking", "non breaking"),
        ("40\u202f000\u202f000 euros", "40000000 euros"),
        ("1\u00a0234\u00a0567 users, 7\u2009GB", "1234567 users, 7 GB"),
        ("in 2023\u00a0500 people", "in 2023 500 people"),
        ("Kimi\u3000有 5\u00a0亿", "Kimi 有 5 亿"),
        ("👩‍🔬 and שלום", "👩‍🔬 and שלום"),
    ],
)
def test_text_is_brought_to_its_one_form(given_text: str, wanted: str) -> None:
    assert normalise(given_text) == wanted


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_the_one_form_is_stable_and_in_nfc(text: str) -> None:
    form = normalise(text)
    assert normalise(form) == form
    assert unicodedata.is_normalized("NFC", form)
    assert not {"\r", "\x00", "\ufeff"} & set(form)


@given(st.text(alphabet="Aé e\u0301אب👩\u200d🔬\u00a0\r\n.", min_size=1, max_size=80))
def test_words_survive_whatever_stands_beside_them(text: str) -> None:
    assert "needle" in normalise(f"{text} needle {text}")
