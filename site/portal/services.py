"""What the pages of the portal work with beside the web kit."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from core.events import EventBus
from core.secrets import AppSecrets
from portal.board import LiveBoard


@dataclass(frozen=True, slots=True)
class Portal:
    secrets: AppSecrets
    events: EventBus
    board: LiveBoard


def portal_of(connection: HTTPConnection) -> Portal:
    portal: Portal = connection.app.state.portal
    return portal
