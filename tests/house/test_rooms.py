"""The administration's index: every table in one room, in the order of the day's work."""

import pytest
from django.contrib import admin
from django.urls import reverse

from members.models import User
from red_genero.rooms import ROOMS, set_out
from tests import make
from tests.conftest import signed_in

HOMES = [key for keys in ROOMS.values() for key in keys]


def test_every_table_has_one_room() -> None:
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert sorted(HOMES) == sorted(registered)


def test_a_table_without_room_stays_with_its_application() -> None:
    table = {"object_name": "Kite", "name": "Cometas"}
    application = {"app_label": "sky", "name": "Cielo", "models": [table]}
    assert set_out([application]) == [{"name": "Cielo", "models": [table]}]


@pytest.mark.django_db
def test_the_index_tells_what_waits_apart_from_what_is_up_to_date(valentina: User) -> None:
    sent = make.application()
    page = signed_in(valentina).get(reverse("admin:index"))

    assert {each.title: each.count for each in page.context["waiting"]} == {
        "Solicitudes por revisar": 1
    }
    assert "Enlaces por validar" in {each.title for each in page.context["up_to_date"]}
    assert [room["name"] for room in page.context["app_list"]][:2] == ["Ingreso", "Integrantes"]
    assert sent.state == "enviada"
