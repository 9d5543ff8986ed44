"""The words of a lecture as a document to read and to print. Pure data in, bytes out."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph

from transcripts.cues.cue import Cue
from transcripts.cues.timestamps import clock_time
from transcripts.cues.writable import clean_lines, writable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE_FONT, TEXT_FONT = "方正小标宋简体", "仿宋_GB2312"
TITLE_SIZE, TEXT_SIZE, NOTE_SIZE = Pt(22), Pt(14), Pt(10.5)
PAUSE_MS = 2_000
"""A pause this long begins a paragraph."""
LONGEST_PARAGRAPH = 200
"""Characters, after which the next cue begins one."""
NO_XML = dict.fromkeys((0xFFFE, 0xFFFF))
"""Beyond control characters, what XML cannot hold (XML 1.0 §2.2)."""


def write_docx(cues: Iterable[Cue], *, title: str, note: str, now: datetime) -> bytes:
    """The file: title, note, then paragraphs, each after the time it begins at.

    Takes tens of milliseconds: not on the event loop. Raises Invalid as `writable`.
    """
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(28)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    clean_title = " ".join(clean_lines(title)).translate(NO_XML)
    _put(heading, clean_title, TITLE_FONT, TITLE_SIZE)
    for line in clean_lines(note):
        below = document.add_paragraph()
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _put(below, line, TEXT_FONT, NOTE_SIZE)
    for start_ms, text in paragraphs(writable(cues)):
        _put(document.add_paragraph(), f"[{clock_time(start_ms)}] {text}", TEXT_FONT, TEXT_SIZE)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = clean_title[:255], "", ""
    properties.created = properties.modified = now.replace(tzinfo=None)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def paragraphs(cues: Iterable[Cue]) -> list[tuple[int, str]]:
    """(start in ms, text): cues read on until a pause or a length, a space between them."""
    made: list[tuple[int, str]] = []
    last_end = 0
    for cue in cues:
        text = " ".join(line.strip() for line in cue.lines)
        if made and cue.start_ms - last_end < PAUSE_MS and len(made[-1][1]) < LONGEST_PARAGRAPH:
            made[-1] = (made[-1][0], f"{made[-1][1]} {text}")
        else:
            made.append((cue.start_ms, text))
        last_end = cue.end_ms
    return made


def _put(paragraph: Paragraph, words: str, font: str, size: Length) -> None:
    run = paragraph.add_run(words.translate(NO_XML))
    run.font.name, run.font.size = font, size
    # Word keeps a typeface of its own for Chinese letters.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
