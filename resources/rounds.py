"""What the worker does by itself for the search and the bulletin."""

from datetime import timedelta

from red_genero.common.jobs import sweeper
from resources import announcing, indexing


@sweeper("índice de la biblioteca", every=timedelta(minutes=10))
def index_what_changed() -> None:
    """Index what was written by a path that tells nobody, such as a bulk update."""
    indexing.reindex_stale()


@sweeper("boletín de la biblioteca", every=timedelta(minutes=1))
def deliver_bulletins() -> None:
    """Queue the mails of the numbers that are being sent."""
    announcing.deliver_pending()
