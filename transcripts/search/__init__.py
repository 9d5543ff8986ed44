"""Search over titles, published transcripts and articles, alike on SQLite and PostgreSQL."""
