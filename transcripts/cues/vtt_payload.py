"""What may stand in a cue's text: tags, their ends, character references (webvtt1 §4.2.2)."""

import re
from collections.abc import Iterator
from html.entities import html5

from transcripts.cues.vtt_timing import in_ms

TAG = re.compile(r"<(/?)([^<>]*)>")
TIMES = re.compile(r"[0-9:.]+")
START = re.compile(r"(?P<name>[a-z]+)(?P<classes>(?:\.[^\s.<>&]+)*)(?:[ \t]+(?P<annotation>.*))?", re.DOTALL)
REFERENCE = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z0-9]{1,40};)?")
NAMES = frozenset(("c", "i", "b", "u", "v", "ruby", "rt", "lang"))
NEEDS_ANNOTATION = {"v": "说话人", "lang": "语言代码"}


def payload_faults(text: str, start_ms: int, end_ms: int) -> Iterator[tuple[int, str]]:
    """(offset, what is wrong) for everything in a cue's text that is not valid. text: its lines, joined by LF."""
    open_tags: list[tuple[str, int]] = []
    latest = start_ms
    at = 0
    for match in TAG.finditer(text):
        yield from _span_faults(text, at, match.start())
        at = match.end()
        where, inner = match.start(), match[2]
        if TIMES.fullmatch(inner) and not match[1]:
            moment = in_ms(inner)
            if moment is None:
                yield where, f"<{inner}> 不是正确的时间标记。"
            elif not latest < moment < end_ms:
                yield where, f"<{inner}> 要在本条的开始和结束之间，并且晚于前一个时间标记。"
            else:
                latest = moment
        elif match[1]:
            yield from _closing_faults(where, inner, open_tags)
        else:
            yield from _opening_faults(where, inner, open_tags)
    yield from _span_faults(text, at, len(text))
    if len(open_tags) == 1 and open_tags[0][0] == "v" and text.startswith("<v"):
        return  # a voice over the whole text need not be closed
    for name, where in open_tags:
        yield where, f"<{name}> 没有结束标记 </{name}>。"


def _opening_faults(where: int, inner: str, open_tags: list[tuple[str, int]]) -> Iterator[tuple[int, str]]:
    match = START.fullmatch(inner)
    if match is None or match["name"] not in NAMES:
        yield where, f"<{inner[:20]}> 不是 WebVTT 的标记；如果是文字，< 要写成 &lt;。"
        return
    name, annotation = match["name"], (match["annotation"] or "").strip()
    if name in NEEDS_ANNOTATION and not annotation:
        yield where, f"<{name}> 后面要写{NEEDS_ANNOTATION[name]}。"
    elif name not in NEEDS_ANNOTATION and annotation:
        yield where, f"<{name}> 里不能有别的内容。"
    yield from _reference_faults(annotation, where)
    if name == "rt" and (not open_tags or open_tags[-1][0] != "ruby"):
        yield where, "<rt> 只能放在 <ruby> 里。"
    open_tags.append((name, where))


def _closing_faults(where: int, name: str, open_tags: list[tuple[str, int]]) -> Iterator[tuple[int, str]]:
    if name == "ruby" and [tag for tag, _ in open_tags[-2:]] == ["ruby", "rt"]:
        open_tags.pop()  # the last rt of a ruby may stay open
    if not open_tags or open_tags[-1][0] != name:
        yield where, f"</{name[:20]}> 没有对应的开始标记。"
        return
    open_tags.pop()


def _span_faults(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    at = text.find("<", start, end)
    if at >= 0:
        yield at, "< 要写成 &lt;。"
    yield from _reference_faults(text[start:end], start)


def _reference_faults(text: str, offset: int) -> Iterator[tuple[int, str]]:
    for match in REFERENCE.finditer(text):
        name = match[1]
        if name is None or not (name.startswith("#") or name in html5):
            yield offset + match.start(), "& 要写成 &amp;。"
