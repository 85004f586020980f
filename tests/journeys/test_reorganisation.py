"""Validación reorganises the tree with buttons; whoever visits reads it today and on any other day."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from members import reorganising
from members.models import Department, Person, User
from members.tree_rules import New, Order
from red_genero.common.models import AccessLog
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from tests.rules import liaising

DAY = datetime.timedelta(days=1)


def press(valentina: User, row: Department, verb: str, **data: object) -> str:
    """Press a button with a document of today and return what the page says."""
    typed = {"day": timezone.localdate().isoformat(), "source": "Gaceta, 3 de marzo", **data}
    address = f"/admin/members/department/{row.pk}/{verb}/"
    return signed_in(valentina).post(address, typed, follow=True).content.decode()


def test_the_buttons_say_what_they_reach_and_do_it(valentina: User) -> None:
    top, market = make.department("Coordinación"), make.department("Mercados")
    area = make.department("Tianguis", parent=market)
    row = liaising.in_force(market, by=valentina)
    page = f"/admin/members/department/{market.pk}"
    ask = signed_in(valentina).get(f"{page}/renombrar/").content.decode()
    assert "Personas adscritas: 1." in ask
    assert f"{row.person} (enlace titular, vigente)" in ask
    assert "Áreas que dependen de ella: 1: Tianguis" in ask
    assert AccessLog.objects.get().rows == 1
    days = [(timezone.localdate() - ago * DAY).isoformat() for ago in (4, 3, 2, 1)]
    assert "depende ahora de Coordinación" in press(
        valentina, market, "mover", parent=top.pk, day=days[0]
    )
    assert "se llama ahora Comercio" in press(
        valentina, market, "renombrar", name="Comercio", day=days[1]
    )
    made = Department.objects.get(key="comercio")
    assert "Comercio se dividió en Plazas, Mercados." in press(
        valentina,
        made,
        "dividir",
        name_1="Plazas",
        name_2="Mercados",
        day=days[2],
        **{f"area_{area.pk}": "1", f"person_{row.person.pk}": "2"},
    )
    parts = list(Department.objects.filter(valid_to=None, parent=top).order_by("pk"))
    area.refresh_from_db()
    assert (area.parent, row.person.assignments.open().get().department) == tuple(parts)
    said = press(
        valentina, parts[0], "fusionar", name="Espacios", others=[parts[1].pk], day=days[3]
    )
    assert "ahora es Espacios" in said
    heir = Department.objects.get(key="espacios")
    assert "muévalas o ciérrelas antes" in press(valentina, heir, "cerrar")
    reorganising.move(
        area, top, order=Order(day=timezone.localdate(), source="x"), by=By.admin(valentina)
    )


def test_closing_lists_who_is_left_and_places_her(valentina: User) -> None:
    gone, to = make.department("Archivo"), make.department("Secretaría")
    person = make.member(works_in=gone).person
    assert "Quedan 1 personas por reubicar" in press(valentina, gone, "cerrar")
    staff = signed_in(valentina)
    listed = staff.get("/admin/members/department/?personas=por_reubicar").content.decode()
    assert "Archivo" in listed
    assert "Secretaría" not in listed.split("result_list")[1]
    assert "reubicadas en Secretaría: 1" in press(
        valentina, gone, "reubicar-personas", people=[person.pk], to=to.pk
    )
    assert person.assignments.open().get().department == to


@pytest.mark.parametrize(
    ("verb", "data", "said"),
    [
        ("renombrar", {"name": "X", "day": "2090-01-01"}, "a partir del día en que empieza"),
        ("fusionar", {}, "solo una de las dos"),
        ("dividir", {"name_1": "A", "name_2": "A"}, "dos nombres distintos"),
        ("cerrar", {"source": " "}, "obligatorio"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    valentina: User, verb: str, data: dict[str, object], said: str
) -> None:
    row = make.department()
    assert said in press(valentina, row, verb, **data)
    assert not Department.objects.exclude(valid_to=None, pk=row.pk).exists()


def test_who_only_reads_has_no_button(roles: None) -> None:
    row, auditor = make.department(), make.user(staff=True, roles=("Auditoría",))
    staff = signed_in(auditor)
    assert (
        "cerrar/" not in staff.get(f"/admin/members/department/{row.pk}/change/").content.decode()
    )
    assert staff.get(f"/admin/members/department/{row.pk}/cerrar/").status_code == 403


def test_the_directory_of_another_day(client: Client, valentina: User) -> None:
    top = make.department("Presidencia")
    market = make.department("Mercados", parent=top)
    market.acronym = "DMER"
    market.save()
    liaising.in_force(market, by=valentina, show_name=Person.Visibility.PUBLIC)
    before = timezone.localdate()
    with time_machine.travel(timezone.now() + 10 * DAY, tick=False):
        day = timezone.localdate()
        order = Order(day=day, source="Gaceta Municipal, 9 de marzo")
        made = reorganising.rename(
            market, New(name="Comercio"), order=order, by=By.admin(valentina)
        )
        today = client.get("/directorio/").content.decode()
        assert "Comercio" in today
        assert "Mercados" not in today
        then = client.get(f"/directorio/?al={before}").content.decode()
        assert "Mercados" in then
        assert "Comercio" not in then
        assert f"/directorio/{market.key}/?al={before}" in then
        for typed in ("mercados", "DMER"):
            found = client.get("/directorio/", {"q": typed}).content.decode()
            assert f"/directorio/{made.key}/" in found
            assert "Antes: Mercados" in found
            assert "Comercio" in client.get("/buscar/", {"q": typed}).content.decode()
        old = client.get(f"/directorio/{market.key}/").content.decode()
        assert "Existió hasta el" in old
        assert "Continúa en" in old
        assert f"/directorio/{made.key}/" in old
        new = client.get(f"/directorio/{made.key}/").content.decode()
        assert "Inés Peña" in new
        assert "Renombrada" in new
        assert "Gaceta Municipal, 9 de marzo" in new
        past = client.get(f"/directorio/{market.key}/?al={before}").content.decode()
        assert "Existió hasta" not in past
        assert "Enlace titular" in past
        assert "Inés" not in past
        early = client.get(f"/directorio/{made.key}/?al={before}").content.decode()
        assert "Todavía no existía" in early
        for bad in ("2090-01-01", "ayer", "\x00"):
            assert client.get("/directorio/", {"al": bad}).status_code == 400
            assert client.get(f"/directorio/{made.key}/", {"al": bad}).status_code == 400


def test_only_staff_reads_what_is_not_confirmed(client: Client, valentina: User) -> None:
    row = make.department()
    Department.objects.update(verification="por confirmar")
    for address in ("/directorio/", f"/directorio/{row.key}/", "/directorio/?q=mercados"):
        assert "Por confirmar" not in client.get(address).content.decode()
        assert "Por confirmar" in signed_in(valentina).get(address).content.decode()
