"""HTML pages of the plan; one file a concept, each with its routes."""
