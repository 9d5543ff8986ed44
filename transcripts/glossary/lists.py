"""The glossary as a text file and back: a term a line, its kind behind a tab or a comma."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.audit import Actor
from core.database import transaction
from core.errors import Conflict, Invalid
from transcripts.cues.encodings import decode
from transcripts.glossary.services import add_term
from transcripts.models.glossary import TERM_LABELS, GlossaryTerm, TermKind

KINDS = {label: kind for kind, label in TERM_LABELS.items()}
MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class Listed:
    line: int
    text: str
    kind: TermKind


def write_list(terms: Iterable[GlossaryTerm]) -> str:
    """With a byte order mark: Windows programs read it as UTF-8."""
    return "\ufeff" + "".join(f"{term.text}\t{TERM_LABELS[term.kind]}\n" for term in terms)


def read_list(data: bytes) -> list[Listed]:
    """Without a kind a term is a 法律用语; empty lines and those that begin with # are passed over.

    Raises Invalid (field `file`), with the lines that cannot be read.
    """
    found: list[Listed] = []
    faults: list[str] = []
    for number, line in enumerate(decode(data).split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        text, _, label = (
            part.strip() for part in re.sub(r"[,，]", "\t", line.strip(), count=1).partition("\t")
        )
        if label and label not in KINDS:
            faults.append(f"第 {number} 行的类别“{label[:20]}”不认识，可用：{'、'.join(KINDS)}。")
        else:
            found.append(Listed(number, text, KINDS.get(label, TermKind.TERM)))
    if faults:
        raise Invalid({"file": "".join(faults[:MOST_FAULTS])})
    return found


async def add_all(listed: list[Listed], *, by: Actor, now: datetime, most: int) -> tuple[int, int]:
    """All or none: how many were added, how many were there already. Raises Invalid (field `file`)."""
    added = known = 0
    async with transaction():
        there = {str(text) for text in await GlossaryTerm.all().values_list("text", flat=True)}
        for each in listed:
            if "".join(each.text.split()).strip("《》") in there:
                known += 1
                continue
            try:
                term = await add_term(each.text, each.kind, by=by, now=now, most=most)
            except (Conflict, Invalid) as fault:
                raise Invalid({"file": f"第 {each.line} 行：{fault.message}"}) from fault
            there.add(term.text)
            added += 1
    return added, known
