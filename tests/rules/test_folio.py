"""Folios: yearly, consecutive, without gaps."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction

from red_genero.common.models import FolioCounter, take_folio


@pytest.mark.django_db
def test_a_rollback_gives_the_number_back() -> None:
    with transaction.atomic():
        first = take_folio("RED")
    with transaction.atomic():
        take_folio("RED")
        transaction.set_rollback(True)
    with transaction.atomic():
        second = take_folio("RED")

    assert [first[-4:], second[-4:]] == ["0001", "0002"]


@pytest.mark.django_db(transaction=True)
def test_a_folio_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        take_folio("RED")


@pytest.mark.django_db
def test_the_year_turns_at_local_midnight() -> None:
    zone = ZoneInfo("America/Mexico_City")
    with time_machine.travel(datetime.datetime(2026, 12, 31, 23, 59, 59, tzinfo=zone), tick=False):
        assert take_folio("SOL") == "SOL-2026-0001"
    with time_machine.travel(datetime.datetime(2027, 1, 1, 0, 0, 1, tzinfo=zone), tick=False):
        assert take_folio("SOL") == "SOL-2027-0001"


@pytest.mark.django_db(transaction=True)
def test_eight_threads_take_forty_numbers_without_gap_or_repeat() -> None:
    with transaction.atomic():
        take_folio("RED")

    def take(_: int) -> str:
        try:
            with transaction.atomic():
                return take_folio("RED")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = sorted(pool.map(take, range(40)))

    assert [int(folio[-4:]) for folio in taken] == list(range(2, 42))
    assert FolioCounter.objects.get(series="RED").last == 41
