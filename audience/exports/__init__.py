"""Figures as files: sheets of rows made of figures (pure), written as xlsx, CSV and PDF. Never on the event loop."""
