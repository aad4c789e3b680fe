"""Small documents of each kind, and files that are far more than they look."""

import gzip
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
LAUGHS = '<!ENTITY a0 "haha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)
DC = "http://purl.org/dc/elements/1.1/"


def zipped(files: Mapping[str, str | Iterable[bytes]]) -> bytes:
    """An archive; a file may be given in pieces, so that a large one needs no memory."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            with archive.open(name, "w", force_zip64=True) as file:
                for piece in [content.encode()] if isinstance(content, str) else content:
                    file.write(piece)
    return held.getvalue()


def docx_of(document: str | Iterable[bytes]) -> bytes:
    return zipped(
        {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document}
    )


def opf(*chapters: str, about: str = "", doctype: str = "") -> str:
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    return (
        f'{doctype}<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="{DC}">{about}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )


def epub_of(package: str, chapters: Mapping[str, str | Iterable[bytes]]) -> bytes:
    return zipped(
        {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "OPS/book.opf": package}
        | {f"OPS/{name}": text for name, text in chapters.items()}
    )


def pdf_of(
    *pages: str,
    title: str = "",
    filters: str = "/FlateDecode",
    packed: bytes | None = None,
    xmp: bytes | None = None,
) -> bytes:
    """A PDF with the lines of these pages; `packed` stands for the content of the first one."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", f"<< /Title ({title}) >>"]
    kids: list[int] = []
    streams: dict[int, bytes] = {}
    for page in pages:
        kids.append(len(objects) + 1)
        lines = "".join(f"({line}) Tj T* " for line in page.split("\n"))
        content = zlib.compress(f"BT /F1 12 Tf 14 TL 72 720 Td {lines}ET".encode())
        fonts = "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] {fonts} /Contents {len(objects) + 2} 0 R >>",
            "",
        ]
        streams[len(objects)] = content if packed is None or streams else packed
    if xmp is not None:
        objects[0] = f"<< /Type /Catalog /Pages 2 0 R /Metadata {len(objects) + 1} 0 R >>"
        objects.append("")
        streams[len(objects)] = zlib.compress(xmp)
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>"
    written = bytearray(b"%PDF-1.7\n")
    places: list[int] = []
    for number, words in enumerate(objects, start=1):
        places.append(len(written))
        if number in streams:
            data = streams[number]
            head = f"<< /Length {len(data)} /Filter [{filters}] >>\nstream\n".encode()
            body = head + data + b"\nendstream"
        else:
            body = words.encode()
        written += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return bytes(written) + trailer.encode()


def deflated(megabytes: int, times: int = 1, unit: bytes = b" ") -> bytes:
    """So many megabytes of one letter, packed."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(unit * 2**20) for _ in range(megabytes)) + packer.flush()
    for _ in range(times - 1):
        packed = zlib.compress(packed)
    return packed


def gzipped(beginning: bytes, megabytes: int) -> bytes:
    """A beginning and so many megabytes of one letter after it, packed."""
    held = BytesIO()
    with gzip.GzipFile(fileobj=held, mode="wb", compresslevel=1) as file:
        file.write(beginning)
        for _ in range(megabytes):
            file.write(b"a" * 2**20)
    return held.getvalue()


def megabytes(count: int, unit: bytes) -> Iterable[bytes]:
    piece = unit * (2**20 // len(unit))
    return (piece for _ in range(count))
