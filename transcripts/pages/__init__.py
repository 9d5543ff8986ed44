"""HTML pages of the subtitles: editor, transcript, search."""
