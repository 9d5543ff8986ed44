"""The portal's pages, one concept a file; each gives its `routes`."""
