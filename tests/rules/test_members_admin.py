"""The administration of people: who opens what, nothing deleted, nothing raised above itself."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client, RequestFactory
from django.utils import timezone

from members.models import (
    Application,
    Department,
    DepartmentKind,
    Member,
    PageText,
    Person,
    PrivacyNotice,
    RejectionReason,
    User,
)
from red_genero.common.models import QueuedMail, Transition
from tests import make
from tests.conftest import signed_in

DELETABLE = {"maildomain", "holiday"}


def test_nothing_that_history_needs_is_deleted(rf: RequestFactory, db: None) -> None:
    request = rf.get("/admin/")
    request.user = make.user(staff=True)
    request.user.is_superuser = True
    for model, site in admin.site._registry.items():
        if model._meta.app_label == "members" and model._meta.model_name not in DELETABLE:
            assert not site.has_delete_permission(request), model


def test_the_desk_opens_by_permission(valentina: User, fernanda: User, alicia: Member) -> None:
    application = make.application()
    desk = f"/admin/members/application/{application.pk}"
    assert signed_in(valentina).get(f"{desk}/change/").status_code == 200
    assert signed_in(fernanda).get(f"{desk}/change/").status_code in {403, 404}
    assert signed_in(fernanda).post(f"{desk}/tomar/").status_code in {403, 404}
    assert signed_in(alicia.person.user).post(f"{desk}/tomar/").status_code == 302  # type: ignore[arg-type]
    application.refresh_from_db()
    assert application.state == Application.State.SENT


def test_an_auditor_reads_and_presses_nothing(roles: None) -> None:
    auditor = make.user(staff=True, roles=("Auditoría",))
    application = make.application()
    desk = f"/admin/members/application/{application.pk}"
    page = signed_in(auditor).get(f"{desk}/change/")
    assert page.status_code == 200
    assert f"{desk}/tomar/" not in page.content.decode()
    assert signed_in(auditor).post(f"{desk}/tomar/").status_code == 403


def test_who_opens_which_page_of_the_padron(roles: None) -> None:
    """Dirección merges and words the mail; Validación brings people in; Auditoría reads it all and changes nothing."""
    person = make.person()
    lists = ("members/personmerge/", "common/mailtext/", "members/memberimport/")
    acts = (f"members/person/{person.pk}/fusionar/", "members/memberimport/add/")
    opens = {
        "Dirección": [200, 200, 200, 200, 200],
        "Validación": [403, 403, 200, 403, 200],
        "Auditoría": [200, 200, 200, 403, 403],
        "Formación": [403, 403, 403, 403, 403],
    }
    for role, expected in opens.items():
        staff = signed_in(make.user(staff=True, roles=(role,)))
        found = [staff.get(f"/admin/{path}").status_code for path in (*lists, *acts)]
        assert found == expected, role


def test_a_draft_is_hers_alone(valentina: User) -> None:
    draft = make.draft()
    staff = signed_in(valentina)
    assert "Güereña" not in staff.get("/admin/members/application/?bandeja=todas").content.decode()
    assert "Güereña" not in staff.get("/admin/members/person/").content.decode()
    answer = staff.get(f"/admin/members/application/{draft.pk}/change/")
    assert answer.status_code == 302
    assert not Person.objects.known().filter(pk=draft.person_id).exists()


def test_state_is_never_written_by_hand(valentina: User) -> None:
    application = make.application()
    path = f"/admin/members/application/{application.pk}/change/"
    assert signed_in(valentina).post(path, {"state": "aprobada"}).status_code == 403
    application.refresh_from_db()
    assert application.state == Application.State.SENT


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("pedir-informacion", {"question": ""}),
        ("pedir-informacion", {"question": "a" * 10_000}),
        ("pedir-informacion", {"question": "¿Área?\x00"}),
        ("rechazar", {"reason": "", "text": "Gracias"}),
        ("rechazar", {"reason": "99", "text": "Gracias"}),
        ("rechazar", {"reason": "1", "text": ""}),
        ("elegir-dependencia", {"department": "x"}),
        ("corregir-area", {"unit": "x", "area": "Planeación"}),
        ("corregir-area", {"area": "a" * 10_000}),
        ("turnar", {"to": ""}),
    ],
)
def test_bad_input_changes_nothing(valentina: User, verb: str, data: dict[str, str]) -> None:
    RejectionReason.objects.create(pk=1, text="El cargo no corresponde")
    application = make.in_review(valentina)
    lines, sent = Transition.objects.count(), QueuedMail.objects.count()
    answer = signed_in(valentina).post(f"/admin/members/application/{application.pk}/{verb}/", data)
    assert answer.status_code == 422
    assert (Transition.objects.count(), QueuedMail.objects.count()) == (lines, sent)


def test_taking_several_reports_each(valentina: User) -> None:
    taken = make.in_review(valentina)
    free = make.application()
    answer = signed_in(valentina).post(
        "/admin/members/application/?bandeja=todas",
        {"action": "take", "_selected_action": [taken.pk, free.pk]},
        follow=True,
    )
    text = answer.content.decode()
    assert "1 de 2" in text
    free.refresh_from_db()
    assert free.reviewer == valentina


def test_the_padron_says_where_each_one_works(valentina: User) -> None:
    above = make.department("Coordinación de Desarrollo")
    below = make.department("Dirección de Mercados", parent=above)
    she, other = make.member(works_in=below), make.member(works_in=make.department("Tesorería"))
    path = "/admin/members/member/"
    staff = signed_in(valentina)
    assert "Dirección de Mercados" in staff.get(path).content.decode()
    for key, found in ((above.key, [she]), (below.key, [she]), ("no-existe", [])):
        shown = staff.get(path, {"dependencia": key}).context["cl"].result_list
        assert list(shown) == found
    assert other in staff.get(path).context["cl"].result_list


def test_a_membership_moves_by_buttons(valentina: User, alicia: Member) -> None:
    staff, page = signed_in(valentina), f"/admin/members/member/{alicia.pk}"
    assert staff.post(f"{page}/suspender/", {"reason": ""}).status_code == 422
    assert staff.post(f"{page}/suspender/", {"reason": "Licencia"}).status_code == 302
    assert staff.post(f"{page}/reactivar/", {"reason": "Volvió"}).status_code == 302
    assert staff.post(f"{page}/dar-de-baja/", {"reason": "Renuncia"}).status_code == 302
    alicia.refresh_from_db()
    assert alicia.state == Member.State.ENDED


def test_a_dependencia_is_confirmed_and_does_not_bite_its_tail(valentina: User) -> None:
    top = make.department("Coordinación")
    below = make.department("Dirección", parent=top)
    Department.objects.filter(pk=top.pk).update(verification="por confirmar")
    staff = signed_in(valentina)
    page = f"/admin/members/department/{top.pk}"
    assert staff.post(f"{page}/confirmar/", {"source": "Reglamento, art. 5"}).status_code == 302
    top.refresh_from_db()
    assert (top.unconfirmed, top.source) == (False, "Reglamento, art. 5")
    data = {"parent": below.pk, "day": timezone.localdate(), "source": "Gaceta"}
    answer = staff.post(f"{page}/mover/", data)
    assert "depende de ella" in answer.content.decode()
    form = f"{page}/change/"
    assert 'name="parent"' not in staff.get(form).content.decode()
    typed = {
        "name": "Coordinación General",
        "kind": top.kind_id,
        "verification": top.verification,
        "parent": below.pk,
        "valid_to": "2020-01-01",
        "mail_domains-TOTAL_FORMS": 0,
        "mail_domains-INITIAL_FORMS": 0,
    }
    assert staff.post(form, typed).status_code == 302
    top.refresh_from_db()
    assert (top.name, top.parent, top.valid_to) == ("Coordinación General", None, None)


def test_the_kinds_of_dependencia_are_a_catalogue_of_the_staff(
    valentina: User, client: Client
) -> None:
    staff, place = signed_in(valentina), make.department()
    listing = "/admin/members/departmentkind/"
    assert staff.post(f"{listing}add/", {"key": "opd", "name": "Organismo"}).status_code == 302
    made = DepartmentKind.objects.get(key="opd")
    Department.objects.filter(pk=place.pk).update(kind=made)
    renamed = {"key": "opd", "name": "Organismo descentralizado"}
    assert staff.post(f"{listing}{made.pk}/change/", renamed).status_code == 302
    assert renamed["name"] in client.get(f"/directorio/{place.key}/").content.decode()
    auditor = signed_in(make.user(staff=True, roles=("Auditoría",)))
    assert auditor.post(f"{listing}{made.pk}/change/", {**renamed, "name": "X"}).status_code == 403
    made.refresh_from_db()
    assert made.name == renamed["name"]


def test_texts_of_the_staff_keep_only_harmless_tags(diana: User) -> None:
    text = PageText.objects.create(slug="portada", title="Portada", body="<p>Antes</p>")
    signed_in(diana).post(
        f"/admin/members/pagetext/{text.pk}/change/",
        {"title": "Portada", "body": "<p onclick='x()'>Hola</p><script>alert(1)</script>"},
    )
    text.refresh_from_db()
    assert text.body == "<p>Hola</p>"


def test_an_aviso_is_published_once(diana: User) -> None:
    data = {
        "kind": "integral",
        "version": "2.0",
        "body": "<p>Nuevo</p><script>x</script>",
        "published_at_0": "2026-01-01",
        "published_at_1": "09:00:00",
    }
    staff = signed_in(diana)
    assert staff.post("/admin/members/privacynotice/add/", data).status_code == 302
    notice = PrivacyNotice.objects.get(version="2.0")
    assert notice.sha256 == PrivacyNotice.fingerprint("<p>Nuevo</p>")
    page = f"/admin/members/privacynotice/{notice.pk}/change/"
    assert staff.get(page).status_code == 200
    assert staff.post(page, {**data, "body": "<p>Otro</p>"}).status_code == 403


def test_nobody_raises_herself(diana: User) -> None:
    root = make.user(staff=True)
    root.is_superuser = True
    root.save()
    staff = signed_in(diana)
    assert staff.get(f"/admin/members/user/{root.pk}/change/").status_code in {200, 302}
    assert (
        staff.post(f"/admin/members/user/{root.pk}/change/", {"email": "x@y.mx"}).status_code == 403
    )
    everything = Permission.objects.values_list("pk", flat=True)
    staff.post(
        f"/admin/members/user/{diana.pk}/change/",
        {
            "email": diana.email,
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "user_permissions": list(everything),
            "groups": list(Group.objects.values_list("pk", flat=True)),
        },
    )
    diana.refresh_from_db()
    assert not diana.is_superuser
    assert not diana.user_permissions.exists()
    assert [group.name for group in diana.groups.all()] == ["Dirección"]


def test_an_account_is_added_by_its_address(diana: User) -> None:
    staff = signed_in(diana)
    data = {"email": " Nueva@Guadalajara.gob.mx"}
    assert staff.post("/admin/members/user/add/", data).status_code == 302
    made = User.objects.get(email="nueva@guadalajara.gob.mx")
    assert not made.has_usable_password()
    again = staff.post("/admin/members/user/add/", {**data, "email": "NUEVA@guadalajara.gob.mx"})
    assert "Ya existe una cuenta con este correo." in again.content.decode()
