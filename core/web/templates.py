"""Jinja2 over the templates of all areas: `<area>/page.html` lies in `<area>/templates/<area>/page.html`."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from core.areas import AREAS
from core.web.text import FILTERS

ROOM = "templates"


def template_folders(areas: Iterable[str] = AREAS) -> list[Path]:
    """The template folders of the areas that have one."""
    folders = (Path(str(files(area))) / ROOM for area in areas)
    return [folder for folder in folders if folder.is_dir()]


class CompiledTemplates(BytecodeCache):
    """Compiled templates, kept by this process: a second site in it compiles none of them again."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._compiled[bucket.key, bucket.checksum] = bucket.code


_COMPILED = CompiledTemplates()


def make_templates(folders: Iterable[Path], **global_names: Any) -> Environment:
    """Escaping is always on; a name a page did not give is an error, never an empty string."""
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(global_names)
    return environment
