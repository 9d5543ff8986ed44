"""What hints are made of, from rows and the store: the lecture itself, its approved script, the glossary."""

import asyncio
from dataclasses import dataclass

from core.errors import DomainError
from core.logs import get_logger
from core.settings import Settings
from schedules.models import Broadcast, MaterialKind
from schedules.turns.materials import current_materials, open_materials
from transcripts.glossary.services import terms_by_frequency
from transcripts.recognition.hints import hotwords_of
from transcripts.script.text import ScriptLimits, script_text

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LectureHints:
    """hotwords for the engine, the most telling first; terms that cues are not to break."""

    hotwords: tuple[str, ...]
    terms: tuple[str, ...]


async def hints_for(broadcast: Broadcast, settings: Settings) -> LectureHints:
    """broadcast: with its unit."""
    glossary = tuple(term.text for term in await terms_by_frequency())
    script = await approved_script(broadcast, settings)
    unit = broadcast.unit_name or broadcast.unit.name
    hotwords = hotwords_of(broadcast, unit_name=unit, script=script, glossary=glossary)
    return LectureHints(hotwords, (*broadcast.laws, *glossary))


async def approved_script(broadcast: Broadcast, settings: Settings) -> str:
    """The text of the script that the bureau approved; "" without one. A file that cannot be read is only logged:
    recognition goes without it.
    """
    scripts = [
        material
        for material in await current_materials(broadcast.id)
        if material.kind is MaterialKind.SCRIPT and material.frozen_at is not None
    ]
    texts = []
    for material in scripts:
        try:
            data = await open_materials(settings).get(material.key)
            texts.append(await asyncio.to_thread(script_text, material.name, data, ScriptLimits.of(settings)))
        except (DomainError, OSError) as error:
            log.warning("recognition.script_unread", material=str(material.id), error=str(error))
    return "\n".join(texts)
