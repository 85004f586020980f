"""The admin's buttons: they ask on GET, act on POST, check the permission again and say every refusal."""

from typing import Any, cast

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.test import Client
from django.urls import URLResolver, path, reverse
from pytest_django import DjangoAssertNumQueries

from members.models import User
from red_genero.common import jobs, mail, states
from red_genero.common.admin import VerbAdmin, verb
from red_genero.common.models import AccessLog, Job, QueuedMail
from red_genero.common.states import By
from red_genero.urls import urlpatterns as portal
from tests import make
from tests.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rules.test_admin_verbs")]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="Motivo", max_length=50)


class DeskAdmin(VerbAdmin[Job]):
    """An admin as the apps write them."""

    @verb("Empezar", permission="common.change_job", bulk=True, when=lambda job: not job.over)
    def begin(self, request: HttpRequest, job: Job, data: dict[str, Any]) -> str:
        """Without questions."""
        if job.title == "imposible":
            raise ValidationError("Este trabajo no puede empezar.", code="no")
        states.append(
            job, from_state=job.state, to_state=Job.State.RUNNING, by=By.admin(make_user(request))
        )
        Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
        return "El trabajo empezó."

    @verb(
        "Terminar",
        permission="common.delete_job",
        style="danger",
        question="¿Segura?",
        form=ReasonForm,
    )
    def end(self, request: HttpRequest, job: Job, data: dict[str, Any]) -> str:
        """With a reason."""
        if data["reason"] == "porque sí":
            raise ValidationError("Escriba un motivo que se entienda.", code="reason")
        jobs.finish(job, detail=data["reason"])
        return "El trabajo terminó."


def make_user(request: HttpRequest) -> User:
    """Return who asks."""
    assert isinstance(request.user, User)
    return request.user


desk = admin.AdminSite(name="admin")
desk.register(Job, DeskAdmin)
desk._registry.update(
    {model: known for model, known in admin.site._registry.items() if model is not Job}
)
urlpatterns: list[Any] = [
    path("mesa/", desk.urls),
    *(each for each in cast("list[URLResolver]", portal) if str(each.pattern) != "admin/"),
]


def staff(*codes: str) -> Client:
    """Return staff with these permissions over jobs."""
    user = make.user(staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    return signed_in(user)


def address(job: Job, name: str) -> str:
    """Return the address of a button."""
    return reverse(f"admin:common_job_{name}", args=[job.pk])


def test_the_page_shows_only_the_buttons_she_may_press() -> None:
    job = jobs.start("Prueba", total=1, by=None)
    page = reverse("admin:common_job_change", args=[job.pk])

    some = staff("view_job", "change_job").get(page).content.decode()
    every = staff("view_job", "change_job", "delete_job").get(page).content.decode()
    none = staff("view_job").get(page).content.decode()

    assert (f'action="{address(job, "begin")}"' in some, address(job, "end") in some) == (
        True,
        False,
    )
    assert address(job, "end") in every
    assert "verbs__button" not in none


def test_a_press_acts_and_leaves_its_line() -> None:
    job = jobs.start("Prueba", total=1, by=None)
    client = staff("view_job", "change_job")

    page = client.post(address(job, "begin"), follow=True)

    job.refresh_from_db()
    assert job.state == Job.State.RUNNING
    assert page.redirect_chain == [(reverse("admin:common_job_change", args=[job.pk]), 302)]
    assert "El trabajo empezó." in page.content.decode()
    assert "En espera → En proceso" in page.content.decode()


def test_looking_at_the_address_changes_nothing() -> None:
    job = jobs.start("Prueba", total=1, by=None)

    page = staff("view_job", "change_job").get(address(job, "begin"))

    job.refresh_from_db()
    assert (page.status_code, job.state) == (200, Job.State.PENDING)


def test_without_the_permission_it_is_refused() -> None:
    job = jobs.start("Prueba", total=1, by=None)

    assert staff("view_job").post(address(job, "begin")).status_code == 403
    assert staff("change_course").post(address(job, "begin")).status_code == 404
    job.refresh_from_db()
    assert job.state == Job.State.PENDING


def test_a_refusal_is_said_and_changes_nothing() -> None:
    job = jobs.start("imposible", total=1, by=None)

    page = staff("view_job", "change_job").post(address(job, "begin"), follow=True)

    job.refresh_from_db()
    assert "Este trabajo no puede empezar." in page.content.decode()
    assert job.state == Job.State.PENDING


def test_what_no_longer_fits_the_state_is_refused() -> None:
    job = jobs.start("Prueba", total=1, by=None)
    jobs.finish(job)

    client = staff("view_job", "change_job")
    page = client.post(address(job, "begin"), follow=True)

    job.refresh_from_db()
    assert "no corresponde al estado actual" in page.content.decode()
    assert job.state == Job.State.DONE
    asked = client.get(address(job, "begin")).text
    assert "no corresponde al estado actual" in asked
    assert 'method="post" novalidate' not in asked


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "obligatorio"), ("porque sí", "Escriba un motivo que se entienda.")],
)
def test_a_bad_form_comes_back_with_its_sentence(reason: str, sentence: str) -> None:
    job = jobs.start("Prueba", total=1, by=None)

    page = staff("view_job", "delete_job").post(address(job, "end"), {"reason": reason})

    job.refresh_from_db()
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not job.over


def test_a_good_form_acts() -> None:
    job = jobs.start("Prueba", total=1, by=None)

    staff("view_job", "delete_job").post(address(job, "end"), {"reason": "ya no hace falta"})

    job.refresh_from_db()
    assert (job.over, job.detail) == (True, "ya no hace falta")


def test_many_at_once_are_told_row_by_row() -> None:
    rows = [jobs.start(title, total=1, by=None) for title in ("uno", "imposible", "tres")]
    client = staff("view_job", "change_job")

    page = client.post(
        reverse("admin:common_job_changelist"),
        {"action": "begin", "_selected_action": [row.pk for row in rows]},
        follow=True,
    )

    text = page.content.decode()
    assert "Imposible: Este trabajo no puede empezar." in text
    assert "Empezar: 2 de 3." in text
    assert Job.objects.filter(state=Job.State.RUNNING).count() == 2


def test_state_is_never_a_field_and_rows_are_not_deleted() -> None:
    job = jobs.start("Prueba", total=1, by=None)
    client = staff("view_job", "change_job", "delete_job")

    page = client.get(reverse("admin:common_job_change", args=[job.pk])).content.decode()

    assert 'name="state"' not in page
    assert client.post(reverse("admin:common_job_delete", args=[job.pk])).status_code == 403


def test_the_mail_about_a_row_is_listed_for_who_may_read_mail() -> None:
    job = jobs.start("Prueba", total=1, by=None)
    row = mail.send(
        "account/login_code",
        to="a@example.org",
        context={"email": "a@example.org", "code": "X"},
        about=job,
    )
    page = reverse("admin:common_job_change", args=[job.pk])
    link = reverse("admin:common_queuedmail_change", args=[row.pk])

    assert link in staff("view_job", "view_queuedmail").get(page).content.decode()
    assert link not in staff("view_job").get(page).content.decode()


@pytest.mark.parametrize("rows", [1, 3, 12])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("queuedmail", 7), ("transition", 8), ("accesslog", 7), ("job", 5)],
)
def test_lists_of_the_logs_ask_the_same_for_any_number_of_rows(
    name: str, queries: int, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = make.user(staff=True)
    user.is_superuser = True
    user.save()
    for number in range(rows):
        owner = make.user()
        make.person(account=owner)
        job = jobs.start(f"Trabajo {number}", total=1, by=owner)
        states.append(job, from_state="", to_state=Job.State.PENDING, by=By.job("prueba"))
        AccessLog.objects.create(user=owner, what="Lista", purpose="Prueba", rows=3)
        QueuedMail.objects.create(recipient="a@example.org", subject="Aviso")
    client = signed_in(user)
    url = reverse(f"admin:common_{name}_changelist")
    client.get(url)

    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200
