"""The connections: taken from the pool and examined here, so that broken ones are thrown out all at once."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with another answer to a restart of the server.

    The pool's check at the door pauses between broken connections, twice as long each time: after a restart
    with six of them idle, the next request waits twenty seconds and then fails. ``CONN_HEALTH_CHECKS`` is
    therefore off, and the first broken connection makes the pool examine all the others.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that answers."""
        connection = super().get_new_connection(conn_params)
        pool = self.pool
        if pool is None or _answers(connection):
            return connection
        pool.putconn(connection)
        pool.check()
        return super().get_new_connection(conn_params)


def _answers(connection: Any) -> bool:
    """Tell whether the server still knows this connection."""
    try:
        ConnectionPool.check_connection(connection)
    except OperationalError:
        return False
    return True
