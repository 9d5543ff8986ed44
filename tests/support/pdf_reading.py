"""Reads the PDFs we make, independently of what makes them: pages, their text, their black squares, their fonts.

Enough of ISO 32000 for files without object streams and encryption: page objects, flate streams, /ToUnicode maps.
"""

import re
import zlib
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""x, y (of the lower left corner, from the foot of the page), width, height; points."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    text: str
    filled: list[Box]


@dataclass(frozen=True, slots=True)
class ReadPdf:
    pages: list[ReadPage]
    embedded_fonts: int
    size: Box


def read_pdf(content: bytes) -> ReadPdf:
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    objects = {int(match[1]): match[2] for match in re.finditer(rb"(?s)(\d+) 0 obj\b(.*?)\bendobj", content)}
    fonts = _fonts(objects)
    root = next(body for body in objects.values() if b"/Type /Pages" in body)
    media = next(body for body in [root, *objects.values()] if b"/MediaBox" in body)
    box = re.search(rb"/MediaBox \[([\d. ]+)\]", media)
    assert box is not None
    x, y, width, height = map(float, box[1].split())
    kids = [int(number) for number in re.findall(rb"(\d+) 0 R", _between(root, b"/Kids [", b"]"))]
    return ReadPdf(
        pages=[_page(objects, objects[kid], fonts) for kid in kids],
        embedded_fonts=content.count(b"/FontFile"),
        size=(x, y, width, height),
    )


def _page(objects: dict[int, bytes], page: bytes, fonts: dict[bytes, dict[int, str]]) -> ReadPage:
    found = re.search(rb"/Contents (\d+) 0 R", page)
    assert found is not None
    stream = _stream(objects[int(found[1])])
    lines, filled, font = [], [], {}
    number = rb"(-?[\d.]+)"
    pattern = re.compile(
        rb"/(F\d+) [\d.]+ Tf|(?s:\((.*?)(?<!\\)\) Tj)|"
        + rb" ".join([number] * 4)
        + rb" re f|<([0-9A-Fa-f]+)> Tj|\[(.*?)\] TJ"
    )
    for match in pattern.finditer(stream):
        if match[1]:
            font = fonts[match[1]]
        elif match[2] is not None:
            lines.append(_words(_unescaped(match[2]), font))
        elif match[3]:
            x, y, width, height = (float(match[place]) for place in (3, 4, 5, 6))
            filled.append((x, y + min(height, 0), width, abs(height)))
        elif match[7]:
            lines.append(_words(bytes.fromhex(match[7].decode()), font))
        else:
            pieces = re.findall(rb"(?s)\((.*?)(?<!\\)\)", match[8])
            lines.append("".join(_words(_unescaped(piece), font) for piece in pieces))
    return ReadPage("\n".join(lines), filled)


def _words(codes: bytes, font: dict[int, str]) -> str:
    pairs = zip(codes[::2], codes[1::2], strict=True)
    return "".join(font[high * 256 + low] for high, low in pairs)


def _fonts(objects: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    """Resource name → code → character."""
    names = {
        name: int(number)
        for body in objects.values()
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body)
    }
    fonts = {}
    for name, number in names.items():
        mapping = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
        assert mapping is not None
        pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", _stream(objects[int(mapping[1])]))
        fonts[name] = {
            int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs
        }
    return fonts


def _stream(body: bytes) -> bytes:
    raw = _between(body, b"stream\n", b"\nendstream")
    return zlib.decompress(raw) if b"/FlateDecode" in body else raw


def _unescaped(text: bytes) -> bytes:
    plain = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    return re.sub(rb"(?s)\\(.)", lambda match: plain.get(match[1], match[1]), text)


def _between(text: bytes, start: bytes, end: bytes) -> bytes:
    return text[text.index(start) + len(start) :].partition(end)[0]
