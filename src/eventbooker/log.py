"""Logging: one line an event on stderr, as text or JSON, ours (structlog) and the libraries' alike."""

import logging
import sys
from typing import Any

import structlog

from eventbooker.config import Log

QUIET = {
    "apscheduler": logging.ERROR,  # it warns of a sweep that is still at work at its next turn; nothing is wrong then
    **dict.fromkeys(("httpcore", "httpx", "psycopg.pool", "urllib3", "yoyo"), logging.WARNING),
}
"""From which level on libraries are heard; at INFO httpx would log URLs with the bot's token in them."""


def configure(log: Log) -> None:
    """Send all logging to stderr at the configured level and in the configured format."""
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *processors,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=processors,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(log.level.upper())
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(max(level, root.level))
