"""The web kit all areas share: rendering, sessions, guards, forms, flash messages, security, errors."""
