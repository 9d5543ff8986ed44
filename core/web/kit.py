"""What every page works with, made once by the application: settings, clock, templates, assets, sessions."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from jinja2 import Environment
from starlette.requests import HTTPConnection

from core.clock import Clock
from core.settings import Settings
from core.web.assets import Assets
from core.web.flash import FlashCodec
from core.web.identity import GrantReader, SessionReader


@dataclass(frozen=True, slots=True)
class WebKit:
    settings: Settings
    clock: Clock
    templates: Environment
    assets: Assets
    sessions: SessionReader
    grants: GrantReader
    flashes: FlashCodec

    @property
    def prefix(self) -> str:
        """The path below which the site lives; empty at the root of its host."""
        return urlsplit(self.settings.public_url).path.rstrip("/")

    @property
    def cookie_path(self) -> str:
        return self.prefix or "/"

    @property
    def is_https(self) -> bool:
        return self.settings.public_url.startswith("https://")

    def url(self, path: str) -> str:
        """The address of one of our paths, as a browser asks for it."""
        return self.prefix + path

    def absolute(self, path: str) -> str:
        """The same, whole: for QR codes, calendars, encoders."""
        return self.settings.public_url + path


def kit_of(connection: HTTPConnection) -> WebKit:
    kit: WebKit = connection.app.state.kit
    return kit
