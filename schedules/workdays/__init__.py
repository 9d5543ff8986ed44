"""The working calendar: which days are worked, seeded, imported, kept in rows."""
