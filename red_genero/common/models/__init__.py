"""Rows that every app shares: logs, counters, queues."""

from red_genero.common.models.access import AccessLog
from red_genero.common.models.catalog import CatalogRow
from red_genero.common.models.folio import FolioCounter, take_folio
from red_genero.common.models.job import Job, WorkerBeat
from red_genero.common.models.mail import QueuedMail
from red_genero.common.models.mailtext import MailText
from red_genero.common.models.transition import Channel, Transition

__all__ = [
    "AccessLog",
    "CatalogRow",
    "Channel",
    "FolioCounter",
    "Job",
    "MailText",
    "QueuedMail",
    "Transition",
    "WorkerBeat",
    "take_folio",
]
