"""Structured logs. A line begins with a stable action key (`rtmp.publish_refused`), never with a sentence."""

import logging
import sys
from contextlib import AbstractContextManager
from typing import Any, Literal

import structlog

LogFormat = Literal["console", "json"]


# Without the frames' variables: a password or a stream key may be among them.
traceback_as_data = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def on_one_line(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Write control characters out: a stranger's path or header must not move the cursor of a terminal.

    Pre-rendered tracebacks keep their lines. JSON escapes by itself.
    """
    for name, value in event.items():
        if isinstance(value, str) and not value.isprintable() and name not in ("exception", "stack"):
            event[name] = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in value)
    return event


def configure_logs(format: LogFormat, level: str = "info") -> None:
    """Send structlog's lines and the standard library's (uvicorn, huey, tortoise) to stderr in one format."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=format == "json"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    last: list[structlog.types.Processor] = (
        [traceback_as_data, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if format == "json"
        else [
            on_one_line,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # They write whole addresses, and a robot's address carries its key.
    for name in ("httpx2", "httpcore2"):
        logging.getLogger(name).setLevel("WARNING")
    # Tells every table of a font that a PDF takes a part of.
    logging.getLogger("fontTools").setLevel("WARNING")
    # Its own account of each task says nothing that core.jobs does not say by key.
    logging.getLogger("huey").setLevel("DEBUG" if level == "debug" else "WARNING")


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for one module: `log = get_logger(__name__)`, then `log.info("lecture.opened", epoch=3)`."""
    return structlog.stdlib.get_logger(name)


def bind(**ids: Any) -> AbstractContextManager[None]:
    """`with bind(broadcast="2026-11-2"):` puts the id on every line logged inside, in any task."""
    return structlog.contextvars.bound_contextvars(**ids)
