"""Migrations of this area, applied in order at start (core.database)."""
