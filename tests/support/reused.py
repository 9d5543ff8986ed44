"""Databases with our tables, emptied after a test and lent to the next: that is ten times as fast as a new one."""

import asyncpg

from tests.support.postgres import Cluster

_SHAPE = """
SELECT md5(string_agg(concat_ws(' ', c.relname, c.relkind, a.attname, a.atttypid, a.attnotnull), ','
                      ORDER BY c.relname, a.attname))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class ReusedDatabases:
    """template: the name of a database with tables and without rows, but for those that say what was migrated."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self._cluster = cluster
        self._template = template
        self._free: list[str] = []
        self._shapes: dict[str, str] = {}
        self._kept: dict[str, set[str]] = {}

    async def lend(self) -> str:
        """The URL of a database that nobody else uses."""
        if self._free:
            return self._free.pop()
        url = await self._cluster.create_database(template=self._template)
        connection = await asyncpg.connect(url)
        try:
            self._shapes[url] = await connection.fetchval(_SHAPE)
            self._kept[url] = await _with_rows(connection, await _tables(connection))
        finally:
            await connection.close()
        return url

    async def take_back(self, url: str) -> None:
        """Empty it. One whose tables a test has changed is dropped."""
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(_END_OTHERS)
            is_as_before = await connection.fetchval(_SHAPE) == self._shapes[url]
            if is_as_before:
                tables = await _tables(connection)
                used = await _with_rows(connection, tables) - self._kept[url]
                if used:
                    names = ", ".join(f'"{name}"' for name in sorted(used))
                    await connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        finally:
            await connection.close()
        if is_as_before:
            self._free.append(url)
        else:
            await self._cluster.drop_database(url)


async def _tables(connection: asyncpg.Connection) -> list[str]:
    return [row["tablename"] for row in await connection.fetch(_TABLES)]


async def _with_rows(connection: asyncpg.Connection, tables: list[str]) -> set[str]:
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables)
    return {row[0] for row in await connection.fetch(asked)}
