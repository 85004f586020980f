"""Changes with review, solicitudes ARCO, blocking and anonymising, avisos that change, what expires."""

import datetime
import io

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from members import admitting, answering, changing, forgetting, privacy, retention
from members.models import (
    Application,
    Assignment,
    Consent,
    Holiday,
    Level,
    Member,
    Person,
    PrivacyNotice,
    PrivacyPolicy,
    SignIn,
    User,
)
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.rules import liaising
from trainings.models import Certificate, Enrollment, Instructor

NEW_NAME = {
    "given_names": "Alicia",
    "first_surname": "Muñoz",
    "second_surname": "De la O",
    "certificate_name": "",
}


def hers(member: Member) -> By:
    """Return the channel of the integrante herself."""
    assert member.person.user is not None
    return By.web(member.person.user)


def kinds() -> list[str]:
    """Return the messages queued so far, in order."""
    return list(QueuedMail.objects.order_by("pk").values_list("kind", flat=True))


def code_of(no: "pytest.ExceptionInfo[ValidationError]") -> str:
    """Return the code of a refusal."""
    return str(no.value.code)


def test_a_name_changes_only_when_approved_and_never_on_old_papers(
    alicia: Member, valentina: User, fernanda: User
) -> None:
    paper = make.certificate(
        make.enrollment(make.edition(starts_in_days=-20, state="en_curso"), alicia.person),
        by=fernanda,
    )
    asked = changing.request(alicia, "nombre", wanted=NEW_NAME, by=hers(alicia))
    again = changing.request(alicia, "nombre", wanted=NEW_NAME, by=hers(alicia))
    assert again.pk == asked.pk
    alicia.person.refresh_from_db()
    assert alicia.person.second_surname == "Íñiguez"
    changing.approve(asked, by=By.admin(valentina))
    changing.approve(asked, by=By.admin(valentina))
    alicia.person.refresh_from_db()
    assert alicia.person.full_name == "Alicia Muñoz De la O"
    assert list(Person.objects.search("de la o")) == [alicia.person]
    paper.refresh_from_db()
    assert paper.name == "Alicia Muñoz Íñiguez"
    assert [kind for kind in kinds() if kind.startswith("members/change")] == [
        "members/change_requested",
        "members/change_approved",
    ]
    assert Transition.objects.about(asked).count() == 2


def test_a_readscripcion_keeps_hours_where_they_were_earned(
    alicia: Member, valentina: User
) -> None:
    former = alicia.person.assignments.get()
    Assignment.objects.filter(pk=former.pk).update(
        start=timezone.localdate() - datetime.timedelta(days=90)
    )
    seat = make.enrollment(make.edition(), alicia.person)
    to = make.department("Dirección de Cultura")
    day = timezone.localdate() - datetime.timedelta(days=3)
    wanted = {
        "department": to,
        "area": "Museos",
        "position": "Directora",
        "level": Level.DIRECTION,
        "effective_on": day,
    }
    asked = changing.request(alicia, "dependencia", wanted=wanted, by=hers(alicia))
    changing.approve(asked, by=By.admin(valentina))
    former.refresh_from_db()
    now = alicia.person.assignments.open().get()
    assert (former.end, now.start) == (day - datetime.timedelta(days=1), day)
    assert (now.department, now.position) == (to, "Directora")
    seat.refresh_from_db()
    assert seat.department == former.department
    alicia.refresh_from_db()
    assert alicia.state == Member.State.ACTIVE


@pytest.mark.parametrize(
    ("shift", "code"), [(5, "too_early"), (-400, "date_far"), (-30, "date_before")]
)
def test_dates_that_cannot_be_are_refused(
    alicia: Member, valentina: User, shift: int, code: str
) -> None:
    day = timezone.localdate() + datetime.timedelta(days=shift)
    wanted = {"position": "Directora", "level": Level.DIRECTION, "effective_on": day}

    def ask_and_approve() -> None:
        asked = changing.request(alicia, "cargo", wanted=wanted, by=hers(alicia))
        changing.approve(asked, by=By.admin(valentina))

    with pytest.raises(ValidationError) as no:
        ask_and_approve()
    assert code_of(no) == code
    assert alicia.person.assignments.get().position == "Jefa de departamento"


def test_the_post_that_she_already_holds_is_no_change(alicia: Member) -> None:
    post = alicia.person.assignments.get()
    same = {name: getattr(post, name) for name in ("area", "position", "level", "appointment")}
    for kind, wanted in (("cargo", same), ("dependencia", {**same, "department": post.department})):
        with pytest.raises(ValidationError) as no:
            changing.request(alicia, kind, wanted=wanted, by=hers(alicia))
        assert code_of(no) == "nothing_changes"
    asked = changing.request(
        alicia, "cargo", wanted={**same, "position": "Directora"}, by=hers(alicia)
    )
    assert asked.position == "Directora"


def test_otra_dependencia_is_resolved_before_approving(alicia: Member, valentina: User) -> None:
    today = timezone.localdate()
    wanted = {
        "department_other": "Oficina nueva",
        "position": "Directora",
        "level": Level.DIRECTION,
        "effective_on": today,
    }
    asked = changing.request(alicia, "dependencia", wanted=wanted, by=hers(alicia))
    with pytest.raises(ValidationError) as no:
        changing.approve(asked, by=By.admin(valentina))
    assert code_of(no) == "department_unresolved"
    to = make.department("Dirección de Cultura")
    changing.resolve_department(asked, to, by=By.admin(valentina))
    changing.approve(asked, by=By.admin(valentina))
    assert alicia.person.assignments.open().get().department == to


def test_refusing_and_withdrawing_change_nothing(alicia: Member, valentina: User) -> None:
    asked = changing.request(alicia, "nombre", wanted=NEW_NAME, by=hers(alicia))
    with pytest.raises(ValidationError) as no:
        changing.approve(asked, by=hers(alicia))
    assert code_of(no) == "own_case"
    changing.refuse(asked, text="Falta el acta.", by=By.admin(valentina))
    changing.refuse(asked, text="Otra cosa", by=By.admin(valentina))
    with pytest.raises(ValidationError) as no:
        changing.withdraw(asked, by=hers(alicia))
    assert code_of(no) == "move_refused"
    other = changing.request(alicia, "nombre", wanted=NEW_NAME, by=hers(alicia))
    changing.withdraw(other, by=hers(alicia))
    with pytest.raises(ValidationError) as no:
        changing.approve(other, by=By.admin(valentina))
    assert code_of(no) == "move_refused"
    alicia.person.refresh_from_db()
    assert alicia.person.second_surname == "Íñiguez"


@pytest.mark.django_db
def test_working_days_leave_out_weekends_and_holidays() -> None:
    Holiday.objects.create(day=datetime.date(2026, 12, 25), name="Navidad")
    friday = datetime.date(2026, 12, 18)
    assert Holiday.after(friday, 5) == datetime.date(2026, 12, 28)
    assert Holiday.between(friday, datetime.date(2026, 12, 28)) == 5
    assert Holiday.between(datetime.date(2026, 12, 28), friday) == -5


def test_a_solicitud_arco_has_folio_deadline_one_extension_and_answer(
    alicia: Member, diana: User
) -> None:
    with time_machine.travel("2026-12-18 18:00:00+00:00", tick=False):
        Holiday.objects.create(day=datetime.date(2026, 12, 25), name="Navidad")
        asked = answering.request(alicia.person, "acceso", text="Todo.", by=hers(alicia))
        assert (
            answering.request(alicia.person, "acceso", text="Otra.", by=hers(alicia)).pk == asked.pk
        )
        assert asked.folio == "ARCO-2026-0001"
        assert asked.due_on == Holiday.after(datetime.date(2026, 12, 18), 20)
        first = asked.due_on
        asked = answering.extend(asked, reason="Vacaciones", by=By.admin(diana))
        assert asked.due_on == Holiday.after(first, 10)
        with pytest.raises(ValidationError) as no:
            answering.extend(asked, reason="Más", by=By.admin(diana))
        assert code_of(no) == "extended_once"
        with pytest.raises(ValidationError) as no:
            answering.take(asked, by=hers(alicia))
        assert code_of(no) == "own_case"
    with time_machine.travel(asked.due_on, tick=False):
        assert [row.pk for row in answering.remind_due()] == [asked.pk]
        assert answering.remind_due() == []
    answering.answer(asked, outcome="procedente", text="Aquí están.", by=By.admin(diana))
    answering.answer(asked, outcome="improcedente", text="No.", by=By.admin(diana))
    asked.refresh_from_db()
    assert (asked.state, asked.outcome) == ("respondida", "procedente")
    with pytest.raises(ValidationError) as no:
        answering.withdraw(asked, by=hers(alicia))
    assert code_of(no) == "move_refused"
    assert kinds().count("members/privacy_request_answered") == 1


@pytest.mark.django_db
def test_every_table_that_points_to_a_person_is_spoken_of() -> None:
    assert retention.unclaimed() == []
    for each in retention.claims():
        columns = {field.name for field in each.table._meta.get_fields()}
        assert set(each.emptied) | set(each.files) <= columns, each.title


@pytest.fixture
def with_a_past(alicia: Member, diana: User, fernanda: User) -> Member:
    """Alicia with a solicitud, a constancia, a change, a solicitud ARCO and mail."""
    make.notice()
    person = alicia.person
    Application.objects.create(
        person=person,
        folio="SOL-2020-0001",
        state="aprobada",
        policy_work="Presupuesto con perspectiva",
        position="Jefa",
        department=person.assignments.get().department,
    )
    make.certificate(
        make.enrollment(make.edition(starts_in_days=-20, state="en_curso"), person), by=fernanda
    )
    privacy.choose(person, {"imagen": True}, by=hers(alicia))
    Instructor.objects.create(name="Alicia Muñoz", person=person, about="Alicia Muñoz enseña.")
    QueuedMail.objects.create(
        recipient="jefatura@guadalajara.gob.mx",
        subject="Se solicita su visto bueno",
        text="Alicia Muñoz pidió un lugar.",
        mime=b"",
        about=Enrollment.objects.get(),
    )
    changing.request(alicia, "nombre", wanted=NEW_NAME, by=hers(alicia))
    answering.request(person, "cancelacion", text="Borren mis datos.", by=hers(alicia))
    return alicia


@pytest.mark.parametrize("policy", ["con_nombre", "sin_nombre"])
def test_cancelling_blocks_first_then_leaves_hours_and_folios_without_a_name(
    with_a_past: Member, diana: User, policy: str, django_capture_on_commit_callbacks: object
) -> None:
    PrivacyPolicy.objects.create(verification=policy, blocking_days=30)
    person, member = with_a_past.person, with_a_past
    account, address, by = person.user, person.institutional_email, By.admin(diana)
    assert account is not None
    before = {line.title: line.rows for line in forgetting.plan(person)}
    assert before["Constancias"] == 1
    assert retention.TITLES["usersessions.UserSession"] in {
        each.title for each in retention.claims()
    }
    with pytest.raises(ValidationError) as no:
        forgetting.anonymise(person, by=by)
    assert code_of(no) == "not_blocked"
    forgetting.block(person, by=by)
    forgetting.block(person, by=by)
    person.refresh_from_db()
    account.refresh_from_db()
    member.refresh_from_db()
    assert (account.is_active, member.state) == (False, Member.State.ENDED)
    assert person.full_name == "Alicia Muñoz Íñiguez"
    assert person not in Person.objects.known()
    with pytest.raises(ValidationError) as no:
        forgetting.anonymise(person, by=by)
    assert code_of(no) == "still_blocked"
    Person.objects.filter(pk=person.pk).update(
        blocked_at=timezone.now() - datetime.timedelta(days=31)
    )
    paper = Certificate.objects.get()
    folio, hours = paper.folio, paper.hours
    forgetting.anonymise(person, by=by)
    forgetting.anonymise(person, by=by)
    _holds_nothing_of(address, "Muñoz", named_papers=policy == "con_nombre")
    paper.refresh_from_db()
    assert (paper.folio, paper.hours) == (folio, hours)
    assert Enrollment.objects.count() == 1
    assert Application.objects.get().folio == "SOL-2020-0001"
    assert Consent.objects.count() == 1


def _holds_nothing_of(*words: str, named_papers: bool) -> None:
    """Read every row of every table: none says any of the words, save the constancias if they keep the name."""
    from django.apps import apps

    for model in apps.get_models():
        if named_papers and model is Certificate:
            continue
        for row in model._base_manager.all().values():
            for word in words:
                assert word not in str(row), model._meta.label


def test_unblocking_gives_the_account_back(alicia: Member, diana: User) -> None:
    forgetting.block(alicia.person, by=By.admin(diana))
    forgetting.unblock(alicia.person, reason="Se desistió.", by=By.admin(diana))
    alicia.person.refresh_from_db()
    assert alicia.person.blocked_at is None
    assert User.objects.get(person=alicia.person).is_active


def test_she_shows_herself_again_after_her_data_were_unblocked(alicia: Member, diana: User) -> None:
    make.notice()
    chosen = {"email": "integrantes", "phone": "nadie", "in_directory": True}
    privacy.show(alicia.person, **chosen, by=hers(alicia))  # type: ignore[arg-type]
    forgetting.block(alicia.person, by=By.admin(diana))
    forgetting.unblock(alicia.person, reason="Se desistió.", by=By.admin(diana))
    privacy.show(alicia.person, **chosen, by=hers(alicia))  # type: ignore[arg-type]
    alicia.person.refresh_from_db()
    assert alicia.person.show_in_directory
    assert Consent.objects.filter(purpose="directorio").count() == 1


def test_who_has_roles_is_not_blocked(valentina: User, diana: User) -> None:
    with pytest.raises(ValidationError) as no:
        forgetting.block(Person.objects.get(user=valentina), by=By.admin(diana))
    assert code_of(no) == "has_roles"


@pytest.mark.parametrize("purpose_changed", [True, False])
def test_only_a_changed_purpose_asks_again(alicia: Member, purpose_changed: bool) -> None:
    person, by = alicia.person, hers(alicia)
    first = make.notice("1.0")
    assert privacy.unread(person) == []
    privacy.read_notice(person, first, by=by)
    privacy.choose(person, {"directorio": True}, by=by)
    assert privacy.unread(person) == []
    second = privacy.publish(
        PrivacyNotice(
            kind="simplificado", version="2.0", body="<p>Dos</p>", purpose_changed=purpose_changed
        )
    )
    assert privacy.unread(person) == [second]
    assert privacy.asks_again(person, [second]) is purpose_changed
    privacy.acknowledge(person, [second], wanted={"directorio": False, "imagen": False}, by=by)
    assert privacy.unread(person) == []
    assert privacy.consents(person)["directorio"] is not purpose_changed
    lines = list(Consent.objects.filter(notice=second).values_list("purpose", "given"))
    assert lines == (
        [("directorio", False), ("aviso", True)] if purpose_changed else [("aviso", True)]
    )


@pytest.mark.django_db
def test_what_expired_is_erased_once_and_the_rest_stays() -> None:
    with time_machine.travel("2025-01-10 18:00:00+00:00", tick=False):
        old, long_ago = make.draft(), make.application()
        admitting.withdraw(long_ago, by=By.job("prueba"))
        seated = make.draft()
        make.enrollment(make.edition(), seated.person)
        assert old.person.user
        SignIn.objects.create(user=old.person.user)
    fresh = make.draft()
    kept = {fresh.person_id, seated.person_id}
    for dry_run, left in ((True, 4), (False, 1), (False, 1)):
        out = io.StringIO()
        call_command("expire_personal_data", dry_run=dry_run, stdout=out)
        assert Application.objects.count() == left
        told = out.getvalue()
        if dry_run:
            assert "Se borrarían: 2 borradores, 1 solicitudes cerradas, 2 personas" in told
            assert str(long_ago.folio) in told
    assert "Se borraron: 0 borradores, 0 solicitudes cerradas, 0 personas" in told
    assert set(Person.objects.values_list("pk", flat=True)) == kept
    assert not Person.history.exclude(id__in=kept).exists()
    assert not SignIn.objects.exists()
    again = admitting.start(old.person.user, by=By.job("prueba"))
    assert again.person_id not in kept


def test_an_answer_carries_at_most_three_real_files(valentina: User) -> None:
    from members import vetting

    application = make.in_review(valentina)
    vetting.request_information(application, question="¿Nombramiento?", by=By.admin(valentina))
    by = By.web(application.person.user)  # type: ignore[arg-type]
    paper = SimpleUploadedFile("mi nombramiento.pdf", liaising.PDF)
    with pytest.raises(ValidationError) as no:
        admitting.answer(application, text="Va.", files=[paper] * 4, by=by)
    assert code_of(no) == "too_many_files"
    with pytest.raises(ValidationError) as no:
        admitting.answer(application, text="Va.", files=[SimpleUploadedFile("a.pdf", b"MZ")], by=by)
    assert code_of(no) == "file_kind"
    admitting.answer(application, text="Va.", files=[paper], by=by)
    admitting.answer(application, text="Va.", files=[paper], by=by)
    row = application.questions.get().files.get()
    assert row.name == "mi nombramiento.pdf"
    assert "nombramiento" not in str(row.file.name)
