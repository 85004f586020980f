"""The signals by which lower apps speak to higher ones."""

from django.dispatch import Signal

membership_ended = Signal()
"""Sent inside the transaction of a baja: ``sender=Member``, ``member``, ``by`` (common.states.By)."""

data_blocked = Signal()
"""Sent inside the transaction that blocks somebody's data: ``sender=Person``, ``person``, ``by``."""
