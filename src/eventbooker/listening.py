"""The address to listen on, looked at before anything is started."""

import socket

from eventbooker.config import ConfigError


def must_be_free(host: str, port: int) -> None:
    """Fail now and in one line, rather than in every worker. Raises ConfigError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise ConfigError(f"server.port: {host}:{port} cannot be used: {error.strerror or error}") from None
