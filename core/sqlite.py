"""Tortoise's SQLite client with transactions that several processes on one file can rely on.

Tortoise begins deferred: a transaction that reads first and writes later fails at once with SQLITE_BUSY when
another process wrote in between, whatever the busy timeout (https://sqlite.org/lang_transaction.html §2.2).
Here a transaction takes the write lock at its beginning, waiting for it as long as the busy timeout says. And
what could not begin gives Tortoise's own lock back, so that the next one is not stuck for ever.

SQLite keeps moments as text and compares them as such: they are written and asked for in UTC, whatever zone they
are told in.
"""

import sqlite3
from datetime import UTC, datetime
from typing import Any

from tortoise.backends.base.client import ConnectionWrapper, TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError


def _moment(moment: datetime) -> str:
    return (moment.astimezone(UTC) if moment.tzinfo else moment).isoformat(" ")


sqlite3.register_adapter(datetime, _moment)  # in place of Tortoise's own, which leaves the zone as it is


class ImmediateTransaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error


class ImmediateTransactionContext(TransactionContext):
    """One at a time on the process's one connection: the client's lock is held from begin to commit."""

    def __init__(self, parent: SqliteClient) -> None:
        self._parent = parent
        self.connection_name = parent.connection_name

    async def __aenter__(self) -> TransactionalDBClient:
        await self._parent._lock.acquire()
        try:
            if self._parent._connection is None:
                await self._parent.create_connection(with_db=True)
            self.client = ImmediateTransaction(self._parent)
            try:
                await self.client.begin()
            except BaseException:
                # A cancelled wait may have begun the transaction in the connection's thread all the same.
                await self.client._connection.rollback()
                raise
        except BaseException:
            self._parent._lock.release()
            raise
        self._token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if not self.client._finalized:
                await (self.client.rollback() if exc_type else self._commit())
        finally:
            get_connections().reset(self._token)
            self._parent._lock.release()

    async def _commit(self) -> None:
        try:
            await self.client.commit()
        except BaseException:
            if not self.client._finalized:
                await self.client.rollback()
            raise


class PatientConnection(ConnectionWrapper[Any]):
    """Tortoise's own keeps the client's lock when the connection cannot be opened: the next query would hang."""

    async def __aenter__(self) -> Any:
        await self._lock.acquire()
        try:
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection


class SharedSqliteClient(SqliteClient):
    async def create_connection(self, with_db: bool) -> None:
        try:
            await super().create_connection(with_db)
        except BaseException:
            await self.close()
            raise

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        return PatientConnection(self._lock, self)

    def _in_transaction(self) -> TransactionContext:
        return ImmediateTransactionContext(self)


client_class = SharedSqliteClient
