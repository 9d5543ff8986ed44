"""Other servers, started here and measured by the same publishers and clients."""
