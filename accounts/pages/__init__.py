"""HTML pages about units, people and their ways in."""
