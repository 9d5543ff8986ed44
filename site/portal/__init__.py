"""Composition of the public site: app, command line, pages, base templates, static files."""
