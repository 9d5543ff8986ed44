"""Where pages find what keeps files, and what seals fields."""

from starlette.requests import HTTPConnection

from core.sealing import Sealer
from core.storage import Store
from core.web.kit import kit_of
from schedules.turns.materials import open_materials


def sealer_of(connection: HTTPConnection) -> Sealer:
    sealer: Sealer = connection.app.state.sealer
    return sealer


def store_of(connection: HTTPConnection) -> Store:
    """The materials' store, opened when it is first asked for."""
    state = connection.app.state
    if not hasattr(state, "materials"):
        state.materials = open_materials(kit_of(connection).settings)
    store: Store = state.materials
    return store
