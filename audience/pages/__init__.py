"""HTML pages of counting: what units report, what officials read."""
