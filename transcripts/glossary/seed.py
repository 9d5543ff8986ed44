"""The terms the house comes with: laws and their names, organs, legal terms, places."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from transcripts.models.glossary import TermKind

FILE = Path(__file__).with_name("terms.toml")
CHINA = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class Seed:
    """terms: by text. laws: full official names by every name they go by, without 《》, repealed ones included."""

    terms: Mapping[str, TermKind]
    laws: Mapping[str, str]


@cache
def seed() -> Seed:
    """Read once; a small file of this package."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    of_china, plain, repealed = (data[name].split() for name in ("of_china", "plain", "repealed"))
    full = {name: CHINA + name for name in (*of_china, *repealed)} | {name: name for name in plain}
    laws = full | {name: name for name in full.values()}
    laws |= {spoken: full[name] for spoken, name in data["spoken"].items()}
    terms = dict.fromkeys((*of_china, *plain), TermKind.LAW)
    for name, kind in (("organs", TermKind.ORGAN), ("terms", TermKind.TERM), ("places", TermKind.PLACE)):
        terms |= dict.fromkeys(data[name].split(), kind)
    return Seed(terms, laws)
