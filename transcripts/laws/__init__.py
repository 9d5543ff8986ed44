"""Laws that lectures spoke of: links to their text, and the bureau's mark that one was revised since."""
