"""Writing WebVTT: what comes out is valid by W3C webvtt1, whatever the text of the cues is."""

from collections.abc import Iterable

from transcripts.cues.cue import Cue
from transcripts.cues.timestamps import vtt_time
from transcripts.cues.writable import clean_lines, writable

MEDIA_TYPE = "text/vtt"


def write_vtt(cues: Iterable[Cue], *, note: str = "") -> str:
    """The file, lines ended by LF, to be encoded as UTF-8. note: a comment at its head.

    A cue without text is left out. Raises Invalid (field `cues`) for times that no file may have (writable).
    """
    blocks = ["WEBVTT"]
    if comment := " ".join(clean_lines(note)):
        blocks.append(f"NOTE {comment.replace('-->', '→')}")
    blocks += [cue_block(cue) for cue in writable(cues)]
    return "\n\n".join(blocks) + ("\n" if len(blocks) > 1 else "\n\n")


def cue_block(cue: Cue) -> str:
    """Times and escaped lines of a cue that is `writable`, without the blank line after it."""
    times = f"{vtt_time(cue.start_ms)} --> {vtt_time(cue.end_ms)}"
    return "\n".join((times, *(escape(line) for line in cue.lines)))


def escape(text: str) -> str:
    """`&`, `<` and `>` as character references; with the last no `-->` is left (webvtt1 §4.2.2)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
