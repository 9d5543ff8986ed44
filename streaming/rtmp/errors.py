"""What goes wrong in bytes from a stranger."""


class ProtocolError(Exception):
    """The peer broke the protocol or a limit; the message says how, for the log. The connection must end."""
