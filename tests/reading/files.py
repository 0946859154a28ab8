"""Small documents of each kind, made as the tests need them."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

SENTENCE = "Brazil signed a trade agreement with Argentina."
MORE = "The president of Brazil praised Argentina and said that the two states would meet again in spring next year."
PAGE = f"""<!DOCTYPE html><html><head><meta charset="{{charset}}"><title>Two states sign</title>
<meta property="article:published_time" content="2024-05-03T10:00:00Z"><script>var a = "India attacked China.";</script>
<style>p {{{{ color: red }}}}</style></head><body><nav><a href="/">Home</a> <a href="/x">Peru condemned Chile</a></nav>
<article><h1>Two states sign</h1><p>{SENTENCE} {MORE}</p>
<p>{MORE} They called it a <b>new</b> beginning for <a href="x">S\u00e3o Paulo</a>.</p>
<script>document.write("China invaded Japan.")</script></article><footer>Imprint, 1999</footer></body></html>"""


def pdf(*lines: str, title: str = "A title") -> bytes:
    """A PDF of one page, written by hand."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    content = f"BT /F1 12 Tf 72 720 Td 14 TL {shown} ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({title}) /CreationDate (D:20230607120000Z) >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF".encode()


def docx(*paragraphs: str, cell: str | None = None) -> bytes:
    """A Word file."""
    from docx import Document

    document = Document()
    document.core_properties.title = "A title"
    for text in paragraphs:
        document.add_paragraph(text)
    if cell is not None:
        document.add_table(1, 1).rows[0].cells[0].text = cell
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def bomb(size: int) -> bytes:
    """A Word file whose text unpacks to `size` bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(size // 1_000_000):
                part.write(b" " * 1_000_000)
        archive.writestr("[Content_Types].xml", "<Types/>")
    return out.getvalue()


def put(folder: Path, name: str, content: bytes | str) -> Path:
    """A file with that content."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def threads(sources: list[object]) -> list[tuple[str | None, int]]:
    """How many threads a reading process may use, and which process that is."""
    return [(os.environ.get("OPENBLAS_NUM_THREADS"), os.getpid())]
