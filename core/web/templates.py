"""Jinja2 over the templates of all areas: `<area>/page.html` lies in `<area>/templates/<area>/page.html`."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from core.areas import AREAS
from core.web.text import FILTERS

ROOM = "templates"


def template_folders(areas: Iterable[str] = AREAS) -> list[Path]:
    """The template folders of the areas that have one."""
    folders = (Path(str(files(area))) / ROOM for area in areas)
    return [folder for folder in folders if folder.is_dir()]


def make_templates(folders: Iterable[Path], **global_names: Any) -> Environment:
    """Escaping is always on; a name a page did not give is an error, never an empty string."""
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(global_names)
    return environment
