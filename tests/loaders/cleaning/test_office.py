"""PDF, DOCX and EPUB: their words, headings and tables, and what they tell of themselves."""

import zipfile
from io import BytesIO

import docx
import pytest

from kb.documents import Document, RawDocument
from kb.partial_date import PartialDate
from loaders.cleaning import MEDIA_TYPES, clean
from loaders.refusals import Code, ReadError
from tests.loaders import bombs


def cleaned(suffix: str, data: bytes) -> Document:
    return clean(RawDocument(f"a{suffix}", data, MEDIA_TYPES[suffix]))


def test_a_pdf_gives_the_words_of_its_pages_without_their_numbers():
    pages = ("Acme raised 5 million dollars in May, and the devel-\nopment goes on.\n1", "2\nA second page.")
    document = cleaned(".pdf", bombs.pdf_of(*pages, title="Acme raises money"))
    assert document.text == (
        "Acme raised 5 million dollars in May, and the development goes on.\n\nA second page."
    )
    assert document.metadata.title == "Acme raises money"


def test_a_pdf_without_text_is_told_of():
    with pytest.raises(ReadError, match="scanned"):
        cleaned(".pdf", bombs.pdf_of(""))


def xmp(*properties: str, attributes: str = "") -> bytes:
    """XMP of a file with these properties."""
    spaces = (
        f'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="{bombs.DC}" '
        'xmlns:cc="http://creativecommons.org/ns#" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" '
        'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"'
    )
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {spaces}><rdf:Description rdf:about="" {attributes}>'
        f"{''.join(properties)}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def statement(address: str) -> str:
    return f"<xmpRights:WebStatement>{address}</xmpRights:WebStatement>"


def rights(*words: str) -> str:
    items = "".join(f'<rdf:li xml:lang="{one[:2]}">{one}</rdf:li>' for one in words)
    return f"<dc:rights><rdf:Alt>{items}</rdf:Alt></dc:rights>"


def license_of(address: str) -> str:
    return f'<cc:license rdf:resource="{address}"/>'


BY = "http://creativecommons.org/licenses/by/4.0/"
NC = "https://creativecommons.org/licenses/by-nc/4.0/"
PICTURE = (
    "<xmpMM:Pantry><rdf:Bag><rdf:li>"
    f"<rdf:Description>{license_of(BY)}</rdf:Description></rdf:li></rdf:Bag></xmpMM:Pantry>"
)


@pytest.mark.parametrize(
    ("told", "licence"),
    [
        (xmp(license_of(BY)), "CC-BY-4.0"),
        (xmp(statement(f"\n  {BY} ")), "CC-BY-4.0"),
        (xmp(attributes=f'xmpRights:WebStatement="{NC}"'), "CC-BY-NC-4.0"),
        (xmp(license_of(BY), statement(BY), rights("Some rights reserved")), "CC-BY-4.0"),
        (xmp(license_of(BY), statement(NC)), None),
        (xmp(rights("CC BY-SA 4.0")), "CC-BY-SA-4.0"),
        (xmp("<dc:rights>© 2025 Acme</dc:rights>"), "© 2025 Acme"),
        (xmp(rights("© " * 200)), ("© " * 100).strip()),
        (
            xmp(
                '<dc:rights><rdf:Alt><rdf:li xml:lang="de">frei</rdf:li>'
                '<rdf:li xml:lang="x-default">MIT</rdf:li></rdf:Alt></dc:rights>'
            ),
            "MIT",
        ),
        (xmp(PICTURE), None),
        (xmp(), None),
    ],
)
def test_a_pdf_tells_its_licence_in_its_xmp(told: bytes, licence: str | None):
    assert cleaned(".pdf", bombs.pdf_of("Acme raised money.", xmp=told)).metadata.licence == licence


LAUGHING = b"<!DOCTYPE r [" + bombs.LAUGHS.encode() + b"]>" + xmp(rights("MIT &a9;"))


@pytest.mark.parametrize("told", [b"", b"<x", b"<a/>", b"\xff\xfe\0", xmp()[:-9], LAUGHING, b"<a>" * 200_000])
def test_a_pdf_whose_xmp_is_damaged_or_more_than_it_looks_is_read_without(told: bytes):
    document = cleaned(".pdf", bombs.pdf_of("Acme raised money.", xmp=told))
    assert (document.text, document.metadata.licence) == ("Acme raised money.", None)


def made_docx() -> bytes:
    made = docx.Document()
    made.core_properties.author = "Ada Berg; Bo Lind"
    made.add_heading("Acme raises money", level=0)
    made.add_heading("The round", level=2)
    made.add_paragraph("Acme raised $5 million.")
    made.add_paragraph("A point", style="List Bullet")
    table = made.add_table(rows=2, cols=2)
    for place, words in enumerate(("Model", "Parameters", "Acme-1", "7B")):
        table.cell(place // 2, place % 2).text = words
    made.add_paragraph("The end.")
    held = BytesIO()
    made.save(held)
    return held.getvalue()


def test_a_docx_gives_its_paragraphs_headings_and_tables_in_their_order():
    document = cleaned(".docx", made_docx())
    assert document.text == (
        "# Acme raises money\n\n## The round\n\nAcme raised $5 million.\n\n- A point\n\n"
        "| Model | Parameters |\n| --- | --- |\n| Acme-1 | 7B |\n\nThe end."
    )
    assert (document.metadata.title, document.metadata.authors) == (
        "Acme raises money",
        ("Ada Berg", "Bo Lind"),
    )


def test_an_epub_gives_its_chapters_in_the_order_of_reading():
    about = (
        "<dc:title>On Acme</dc:title><dc:creator>Ada Berg</dc:creator><dc:publisher>The Press</dc:publisher>"
        "<dc:date>2025-04-01T00:00:00Z</dc:date>"
        "<dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>"
    )
    chapters = {
        "one.xhtml": "<html><body><h1>One</h1><p>Acme raised $5 million in May 2025.</p></body></html>",
        "two words.xhtml": "<html><body><p>Ada Berg leads Acme.</p></body></html>",
    }
    book = bombs.epub_of(bombs.opf("two%20words.xhtml", "gone.xhtml", "one.xhtml", about=about), chapters)
    document = cleaned(".epub", book)
    assert document.text.index("Ada Berg leads Acme.") < document.text.index(
        "Acme raised $5 million in May 2025."
    )
    known = document.metadata
    assert (known.title, known.authors, known.publisher) == ("On Acme", ("Ada Berg",), "The Press")
    assert (known.published, known.licence) == (PartialDate(2025, 4, 1), "CC-BY-4.0")


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".epub"])
@pytest.mark.parametrize("data", [b"words", b"%PDF-1.7\n", b"PK\x03\x04words", bombs.zipped({"a": "b"})])
def test_what_is_damaged_is_refused_in_a_sentence(suffix: str, data: bytes):
    with pytest.raises(ReadError) as refused:
        cleaned(suffix, data)
    assert refused.value.code == Code.DAMAGED
    assert str(refused.value).endswith(").")


def test_a_docx_of_which_a_byte_is_another_is_refused_in_a_sentence():
    held = BytesIO()
    docx.Document().save(held)
    data = bytearray(held.getvalue())
    with zipfile.ZipFile(BytesIO(data)) as archive:
        part = archive.getinfo("word/document.xml")
    data[part.header_offset + 30 + len(part.filename) + len(part.extra) + part.compress_size // 2] ^= 1
    with pytest.raises(ReadError) as refused:
        cleaned(".docx", bytes(data))
    assert refused.value.code == Code.DAMAGED
