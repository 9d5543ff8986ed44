"""What is shown of a cue's text: without tags, with its character references resolved."""

import html
import re

TAGS = re.compile(r"<[^<>]*>")


def shown_text(line: str) -> str:
    """The line as the viewer reads it."""
    return html.unescape(TAGS.sub("", line))
