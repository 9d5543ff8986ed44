"""The ground: settings, database, clock, errors, events, jobs, storage, logs, web kit."""
