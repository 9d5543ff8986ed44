"""What a lecture probably speaks of, for the recogniser: the most telling first."""

from collections.abc import Iterable, Sequence

from schedules.models import Broadcast

LONGEST_WORD = 60


def hotwords_of(
    broadcast: Broadcast, *, unit_name: str, script: str, glossary: Sequence[str]
) -> tuple[str, ...]:
    """The lecture's laws, its lecturer, unit and topic, terms that its script has, then the glossary. Pure.

    glossary: by how often its terms are said. script: the approved text, "" without one.
    """
    about = [*broadcast.laws, broadcast.lecturer_name, unit_name, broadcast.title]
    in_script = [term for term in glossary if term in script]
    return tuple(_each_once([*about, *in_script, *glossary]))


def _each_once(words: Iterable[str]) -> Iterable[str]:
    seen: set[str] = set()
    for word in words:
        clean = word.strip("《》 \t\n")
        if clean and len(clean) <= LONGEST_WORD and clean not in seen:
            seen.add(clean)
            yield clean
