"""Rows by the hundred without an ORM object for each: where rows come fast, making those is most of the work."""

import json
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model


class BulkInsert:
    """INSERT of these columns of a model. conflict: a unique column; of a row that has its value already the columns
    `updated` are changed instead.
    """

    def __init__(
        self, model: type[Model], columns: Sequence[str], *, conflict: str = "", updated: Sequence[str] = ()
    ) -> None:
        self._model = model
        self._columns = tuple(columns)
        self._conflict = conflict
        self._updated = tuple(updated)

    async def run(self, connection: BaseDBAsyncClient, rows: Iterable[Sequence[Any]]) -> None:
        """Inside the caller's transaction. rows: values in the order of the columns. Raises DATABASE_ERRORS."""
        values = [[_for_driver[type(value)](value) for value in row] for row in rows]
        if values:
            await connection.execute_many(self._statement(connection.capabilities.dialect), values)

    def _statement(self, dialect: str) -> str:
        places = range(1, len(self._columns) + 1)
        marks = ", ".join(f"${place}" if dialect == "postgres" else "?" for place in places)
        statement = f'INSERT INTO "{self._model._meta.db_table}" ({_quoted(self._columns)}) VALUES ({marks})'
        if self._conflict:
            changes = ", ".join(f'"{name}" = excluded."{name}"' for name in self._updated)
            statement += f' ON CONFLICT ("{self._conflict}") DO UPDATE SET {changes}'
        return statement


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


class _ForDriver(dict[type, Callable[[Any], Any]]):
    """How values of a type are handed to a driver: as the ORM's fields do. Found out once for each type."""

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        self[kind] = _as_it_is
        for known, change in ((Enum, _member), (UUID, str), (list, _json), (tuple, _json)):
            if issubclass(kind, known):
                self[kind] = change
        return self[kind]


def _member(value: Enum) -> Any:
    return value.value


def _json(value: Sequence[Any]) -> str:
    return json.dumps(value, separators=(",", ":"))


def _as_it_is(value: Any) -> Any:
    return value


_for_driver = _ForDriver()
