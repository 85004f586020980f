"""A small whole portal: every kind of person, at least one row of everything, every address with its arguments."""

import datetime
import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.apps import apps
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from members import closing_terms, handing_over, importing, inviting, merging, requesting, vetting
from members.models import (
    Application,
    ChangeRequest,
    Community,
    ContactRequest,
    Department,
    Designation,
    DesignationRequest,
    GenderUnit,
    GovernmentTerm,
    HandoverPack,
    Holiday,
    InformationFile,
    Institute,
    MailDomain,
    Member,
    PageText,
    Person,
    PrivacyNotice,
    PrivacyRequest,
    RejectionReason,
    UnitRatification,
    User,
)
from red_genero.common import jobs
from red_genero.common.models import AccessLog, Job, QueuedMail
from red_genero.common.states import By
from red_genero.handover import packing
from resources import announcing, curating, introducing
from resources.models import (
    Collection,
    CollectionItem,
    HelpLine,
    LinkCheck,
    ReadCount,
    Resource,
    Topic,
    TopicFact,
    Violence,
)
from tests import make
from tests.house import formal, rights
from tests.rules import liaising, surveys
from trainings import bundling, filing, subscribing
from trainings.models import (
    Approval,
    ApprovalLink,
    AttendancePaper,
    Bundle,
    Certificate,
    Course,
    Design,
    Edition,
    Enrollment,
    FillRun,
    FillSkip,
    GroupMessage,
    Instructor,
    Nomination,
)

ROLES: Final = (
    "visitor",
    "account",
    "applicant",
    "drafter",
    "integrante",
    "elsewhere",
    "coordinator",
    "validation",
    "training",
    "library",
    "direction",
    "audit",
    "superuser",
)
"""Who walks: nobody signed in, an account without a person, an applicant who was asked something, one who is still
writing, an integrante, the coordinator of another edición, the one of this edición, and the staff."""
_ARGUMENT: Final = re.compile(r"<(?:\w+:)?(\w+)>")
_ODD: Final = {"admin:view_on_site": [1, 1]}
STAFF: Final = {
    "validation": "Validación",
    "training": "Formación",
    "library": "Biblioteca",
    "direction": "Dirección",
    "audit": "Auditoría",
}


@dataclass(kw_only=True)
class World:
    """The sample rows and who may sign in."""

    users: dict[str, User] = field(default_factory=dict)
    application: Application
    draft: Application
    member: Member
    department: Department
    course: Course
    open_run: Edition
    taught: Edition
    closed_run: Edition
    other_run: Edition
    free_run: Edition
    seat: Enrollment
    offered: Enrollment
    approval_link: ApprovalLink
    certificate: Certificate
    foreign_certificate: Certificate
    bundle: Bundle
    design: Design
    topic: Topic
    resource: Resource
    members_resource: Resource
    hidden_resource: Resource
    help_line: HelpLine
    notice: PrivacyNotice
    designation: Designation
    letter: DesignationRequest
    unit: GenderUnit
    former_unit: GenderUnit
    pack: HandoverPack
    change: ChangeRequest
    contact: ContactRequest
    right: PrivacyRequest
    answer_file: InformationFile
    job: Job
    mail: QueuedMail

    @property
    def taught_seat(self) -> int:
        """The first inscripción of the edición whose attendance is taken."""
        return self.taught.enrollments.order_by("pk")[0].pk

    def client(self, role: str, *, csrf: bool = False) -> Client:
        """Return a browser in which that person has signed in."""
        made = Client(enforce_csrf_checks=csrf)
        if role != "visitor":
            made.force_login(self.users[role])
        return made

    def sample(self, name: str) -> dict[str, Any]:
        """Return the arguments of an address of the portal; the administration's come from the rows."""
        return self.samples.get(name, {})

    @functools.cached_property
    def samples(self) -> dict[str, dict[str, Any]]:
        """The arguments of every address that takes some; read once, since they are many queries."""
        desk = {"key": self.taught.key}
        run = {"course": self.course.key, "edition": self.open_run.key}
        entry = {"topic": self.topic.key, "resource": self.resource.key}
        return {
            "account_confirm_email": {"key": "no-existe"},
            "account_reset_password_from_key": {"uidb36": "1", "key": "no-existe"},
            "mfa_remove_webauthn": {"pk": 1},
            "mfa_edit_webauthn": {"pk": 1},
            "job_detail": {"key": self.job.key},
            "demo_mail_detail": {"pk": self.mail.pk},
            "demo_mail_html": {"pk": self.mail.pk},
            "members:application_edit": {"step": "quien-es"},
            "members:application_save": {"step": "quien-es"},
            "members:application_back": {"step": "quien-es"},
            "members:department_detail": {"key": self.department.key},
            "members:privacy_version": {"kind": self.notice.kind, "version": self.notice.version},
            "members:consent": {"purpose": "directorio"},
            "members:designation_detail": {"key": self.designation.key},
            "members:designation_accept": {"key": self.designation.key},
            "members:designation_decline": {"key": self.designation.key},
            "members:designation_visibility": {"key": self.designation.key},
            "members:designation_attach": {"key": self.designation.key},
            "members:designation_oficio": {"key": self.designation.key},
            "members:unit_present": {"key": self.unit.key},
            "members:unit_paper": {"key": self.unit.key, "kind": "plan"},
            "members:unit_ratification": {"key": UnitRatification.objects.get().key},
            "members:unit_dissolution": {"key": self.former_unit.key},
            "members:unit_step_file": {"key": self.unit.steps.get().key},
            "members:unit_paper_file": {"key": self.unit.papers.get().key},
            "members:application_file": {"key": self.answer_file.key},
            "members:change_request": {"kind": "cargo"},
            "members:change_detail": {"folio": self.change.folio},
            "members:change_withdraw": {"folio": self.change.folio},
            "members:change_file": {"folio": self.change.folio},
            "members:contact_ask": {"key": self.contact.sender.contact_key},
            "members:contact_detail": {"key": self.contact.key},
            "members:contact_accept": {"key": self.contact.key},
            "members:contact_decline": {"key": self.contact.key},
            "members:privacy_request_detail": {"folio": self.right.folio},
            "members:privacy_request_withdraw": {"folio": self.right.folio},
            "members:privacy_request_file": {"folio": self.right.folio},
            "members:term_progress": {"key": self.pack.term.key},
            "handover": {"key": self.pack.term.key},
            "handover_file": {"key": self.pack.term.key, "pk": self.pack.pk, "form": "zip"},
            "members:request_pdf": {"folio": self.letter.folio},
            "members:request_answer": {"folio": self.letter.folio},
            "trainings:calendar_month": {"month": "2026-12"},
            "trainings:own_feed": {"token": self.member.person.calendar_feed.token},
            "trainings:programme_progress": desk,
            "trainings:course_detail": {"course": self.course.key},
            "trainings:edition_detail": run,
            "trainings:enrollment": run,
            "trainings:enrollment_cancel": run,
            "trainings:offer_accept": run,
            "trainings:offer_decline": run,
            "trainings:coordination_edition": desk,
            "trainings:attendance_list_pdf": desk,
            "trainings:attendance_capture": {**desk, "number": 1},
            "trainings:attendance_all_present": {**desk, "number": 1},
            "trainings:check_in": run,
            "trainings:attendance_sync": {**desk, "number": 1},
            "trainings:attendance_undo": {**desk, "number": 1},
            "trainings:walk_in_add": {**desk, "number": 1},
            "trainings:walk_in": {**desk, "pk": self.taught.walk_ins.get().pk},
            "trainings:walk_in_unlink": {**desk, "pk": self.taught.walk_ins.get().pk},
            "trainings:walk_in_forget": {**desk, "pk": self.taught.walk_ins.get().pk},
            "trainings:session_papers": {**desk, "number": 1},
            "trainings:excuse": {**desk, "number": 1, "pk": self.taught_seat},
            "trainings:attendance_paper": {**desk, "pk": AttendancePaper.objects.get().pk},
            "trainings:attendance_scan": {**desk, "number": 1},
            "trainings:attendance_room": {**desk, "number": 1},
            "trainings:attendance_pass": {**desk, "pk": self.taught_seat},
            "trainings:marks_import": desk,
            "trainings:acta_pdf": desk,
            "trainings:badges_pdf": desk,
            "trainings:edition_close": desk,
            "trainings:seats_act": {**desk, "act": "cancelar"},
            "trainings:enrol_person": desk,
            "trainings:nominate": desk,
            "trainings:group_message": desk,
            "trainings:group_message_send": desk,
            "trainings:board_csv": desk,
            "trainings:approval": {"key": self.approval_link.key},
            "trainings:approval_give": {"key": self.approval_link.key},
            "trainings:approval_decline": {"key": self.approval_link.key},
            "trainings:survey": {**run, "moment": "diagnostica"},
            "trainings:survey_results": desk,
            "trainings:survey_results_csv": desk,
            "trainings:certificate_issue": {"key": self.closed_run.key},
            "trainings:certificate_pdf": {"code": self.certificate.code},
            "trainings:recognition_issue": {"key": self.closed_run.key},
            "trainings:bundle_ask": {"key": self.closed_run.key},
            "trainings:bundle_file": {"key": self.closed_run.key, "pk": self.bundle.pk},
            "trainings:design_preview": {"pk": self.design.pk, "case": "ordinario"},
            "trainings:verify_code": {"code": self.certificate.code},
            "resources:topic_detail": {"topic": self.topic.key},
            "resources:resource_detail": entry,
            "resources:introduction_detail": {"topic": self.topic.key, "number": 1},
            "resources:collection_detail": {"collection": "para-enlaces-nuevas"},
            "resources:bulletin_preview": {"number": 1},
            "resources:bulletin_leave": {"token": announcing.token_of(self.member.person)},
            "resources:version_detail": {**entry, "number": 1},
            "resources:version_file": {**entry, "number": 1},
            "resources:version_thumbnail": {**entry, "number": 1},
        }


def build() -> World:
    """Make the world; the groups must exist."""
    users = {
        "account": make.proven(make.user("cuenta@guadalajara.gob.mx")),
        "superuser": User.objects.create_superuser(
            "direccion.general@guadalajara.gob.mx", "clave-de-prueba"
        ),
    }
    for role, group in STAFF.items():
        users[role] = _named(role.title(), make.user(staff=True, roles=(group,)))
    for role in ("coordinator", "elsewhere"):
        users[role] = _named(role.title(), make.user(roles=("Coordinación",)))
    department, notice = make.department("Dirección de Obras Públicas"), make.notice()
    member = make.member(make.person("Alicia", "Muñoz", "Íñiguez"), works_in=department)
    users["integrante"] = _account(member.person)
    subscribing.open_feed(member.person)
    someone = make.member(make.person("Beatriz", "Güemes", ""), works_in=department)
    _settings_and_catalogues(department)
    application, draft = _applications(users)
    closed_run, certificate, foreign = _certificates(member, someone, users["training"])
    runs = _editions(closed_run.course, users)
    _arrivals(department, users["direction"])
    job = jobs.start("Constancias de prueba", total=3, by=users["coordinator"])
    AccessLog.objects.create(user=users["audit"], what="Lista", purpose="Prueba", rows=1)
    FillRun.objects.create(edition=runs["open_run"], cause="Prueba", free_seats=1, outcome="Listo")
    topic = make.topic("acoso-hostigamiento", sensitive=True)
    unit = formal.a_unit(member, department, users["validation"])
    return World(
        users=users,
        application=application,
        draft=draft,
        member=member,
        department=department,
        course=closed_run.course,
        closed_run=closed_run,
        **runs,
        change=rights.a_change(member, users["integrante"]),
        contact=rights.a_message(someone.person, member.person),
        right=rights.a_right(member, users["integrante"], users["direction"]),
        answer_file=rights.a_file(application),
        seat=make.enrollment(runs["open_run"], member.person),
        offered=make.enrollment(runs["open_run"], someone.person, Enrollment.State.OFFERED),
        approval_link=_board_rows(runs["open_run"], users["coordinator"]),
        certificate=certificate,
        foreign_certificate=foreign,
        bundle=_bundle(closed_run, users["training"]),
        design=Design.objects.create(kind=Certificate.Kind.ACCREDITATION, version=1),
        topic=topic,
        resource=_told(make.version(make.resource(of=topic)).resource),
        members_resource=make.resource(
            "Guía interna", of=topic, audience=Resource.Audience.MEMBERS
        ),
        hidden_resource=make.resource("Borrador", of=topic, state=Resource.State.DRAFT),
        help_line=make.help_line(),
        notice=notice,
        designation=liaising.nominated(department, member.person, by=users["validation"]),
        letter=_letter(department, users["validation"]),
        unit=unit,
        former_unit=formal.a_former_unit(unit),
        pack=_handed_over(users["direction"], unit),
        job=job,
        mail=QueuedMail.objects.latest("pk"),
    )


def _arrivals(department: Department, staff: User) -> None:
    """Invite somebody, merge somebody registered twice, and leave a file of people to look at."""
    by = By.admin(staff)
    inviting.invite("invitada@guadalajara.gob.mx", name="Inés", by=by)
    one, again = make.person("Rosa", "Ávila", ""), make.person("Rosa", "Avila", "")
    merging.merge(one, again, chosen={}, reason="Se registró dos veces", by=by)
    titles = "nombres,primer_apellido,correo_institucional,dependencia,cargo,nivel"
    row = f"Ana,Ruiz,ana.ruiz@guadalajara.gob.mx,{department.key},Jefa,jefatura"
    importing.read("lista.csv", f"{titles}\n{row}".encode(), by=by)


def _letter(department: Department, issuer: User) -> DesignationRequest:
    """Make an oficio that was answered."""
    liaising.signer()
    by = By.admin(issuer)
    letter = requesting.issue(
        department, addressee="Mtra. Ana Ruiz", addressee_position="Directora", by=by
    )
    today = letter.issued_on
    return requesting.record_answer(
        letter, number="DOP/1/2026", date=today, file=liaising.paper(), by=by
    )


def _handed_over(direction: User, unit: GenderUnit) -> HandoverPack:
    """Close a government that ended yesterday and make its pack."""
    last = timezone.localdate() - datetime.timedelta(days=1)
    first = last - datetime.timedelta(days=1000)
    ended = GovernmentTerm.objects.create(
        key="anterior", name="Gobierno anterior", first_day=first, last_day=last
    )
    term = closing_terms.close(ended, by=By.admin(direction))
    formal.a_ratification(unit, term)
    pack = handing_over.ask(
        term, purpose="Entrega", parts=packing.PARTS_IN_ALL, by=By.web(direction)
    )
    for column in (pack.pdf, pack.data):
        column.save("entrega", ContentFile(b"PK"), save=False)
    pack.save()
    jobs.finish(pack.job)
    return pack


def _named(name: str, account: User) -> User:
    return _account(make.person(name, "De Prueba", "", account=account))


def _account(person: Person) -> User:
    if person.user is None:
        raise AssertionError("The cast signs in.")
    return make.proven(person.user)


def _told(entry: Resource) -> Resource:
    """Return the entry after an introduction, a collection and a number of the bulletin speak of it."""
    by = By.job("Mundo de prueba")
    draft = introducing.open_draft(entry.topic, by=by)
    introducing.write(draft, body=f"## Qué es\n\n[Ley](recurso:{entry.key}).", by=by)
    introducing.publish(draft, by=by)
    collection = Collection.objects.create(key="para-enlaces-nuevas", name="Para enlaces nuevas")
    CollectionItem.objects.create(collection=collection, resource=entry, position=1)
    curating.publish(collection, by=by)
    announcing.prepare(by=by)
    TopicFact.objects.create(key="por-confirmar", topic=entry.topic, statement="Falta su fuente.")
    LinkCheck.objects.create(
        resource=entry, url="https://www.ejemplo.gob.mx/ley", outcome=LinkCheck.Outcome.GONE
    )
    ReadCount.objects.create(resource=entry, month=timezone.localdate().replace(day=1), pages=1)
    return entry


def _settings_and_catalogues(department: Department) -> None:
    """Make one row of what only the administration shows."""
    Institute.current().save()
    PageText.objects.create(slug="portada", title="La Red", body="<p>Qué es la Red.</p>")
    Community.objects.create(number=1, name="Centro")
    Holiday.objects.create(day=datetime.date(2026, 12, 25), name="Navidad")
    MailDomain.objects.create(domain="guadalajara.gob.mx")
    RejectionReason.objects.create(text="Faltan datos que no se pudieron confirmar")
    Violence.objects.create(key="laboral", kind="modalidad", name="Violencia laboral")
    Instructor.objects.create(name="Rosa María Ibáñez")
    make.signatory()


def _applications(users: dict[str, User]) -> tuple[Application, Application]:
    """Make a solicitud with a question to answer and one that is being written."""
    applicant, drafter = make.user(), make.user()
    sent = make.application(applicant)
    reviewer = By.admin(users["validation"])
    vetting.take(sent, by=reviewer)
    vetting.request_information(sent, question="¿Cuál es su cargo actual?", by=reviewer)
    sent.refresh_from_db()
    users["applicant"], users["drafter"] = applicant, drafter
    return sent, make.draft(drafter)


def _bundle(run: Edition, by: User) -> Bundle:
    """Return the constancias of the edición in one file."""
    bundle = bundling.ask(run, Bundle.Form.ZIP, by=By.web(by))
    bundling.make(bundle)
    bundle.job.refresh_from_db()
    return bundle


def _certificates(
    member: Member, someone: Member, issuer: User
) -> tuple[Edition, Certificate, Certificate]:
    """Make a closed edición with a constancia of the integrante and one of somebody else."""
    run = make.edition(starts_in_days=-20, state=Edition.State.RUNNING)
    hers = make.enrollment(run, member.person)
    other = make.enrollment(run, someone.person)
    certificate = make.certificate(hers, by=issuer)
    run.refresh_from_db()
    return run, certificate, other.certificates.get()


def _editions(course: Course, users: dict[str, User]) -> dict[str, Edition]:
    """Make the ediciones: one to enrol, one to take attendance of, one of another coordinator."""
    runs = {
        "open_run": make.edition(course),
        "free_run": make.edition(),
        "taught": make.taught(course),
        "other_run": make.taught(course, people=1),
    }
    surveys.with_surveys(runs["open_run"])
    for name in ("open_run", "taught"):
        runs[name].coordinators.add(users["coordinator"])
    attendance_rows(runs["taught"], users["coordinator"])
    for edition in Edition.objects.filter(state=Edition.State.CLOSED):
        edition.coordinators.add(users["coordinator"])
    runs["other_run"].coordinators.add(users["elsewhere"])
    return runs


def attendance_rows(run: Edition, coordinator: User) -> None:
    """Make what a session may have besides marks: somebody without inscripción, a signed list, a code for the room."""
    run.self_check_in = True
    run.save(update_fields=["self_check_in"])
    run.walk_ins.create(name="Itzel Xóchitl", captured_by=coordinator)
    filing.keep_list(run.sessions.get(number=1), liaising.paper(), by=By.web(coordinator))


def _board_rows(run: Edition, coordinator: User) -> ApprovalLink:
    """Make what a board shows besides seats: a petition, a propuesta, a skipped person, a notice."""
    now = timezone.now()
    asked = make.enrollment(run, state=Enrollment.State.REQUESTED)
    waiting = make.enrollment(run, state=Enrollment.State.WAITING)
    Nomination.objects.create(enrollment=waiting, reason="Oficio 1", nominated_by=coordinator)
    fill = FillRun.objects.create(edition=run, cause="Prueba", free_seats=1, outcome="Listo")
    FillSkip.objects.create(run=fill, enrollment=waiting, reasons="Antes debe concluir «Otra».")
    GroupMessage.objects.create(
        edition=run,
        press="0",
        groups="Confirmadas",
        text="Aviso",
        recipients=1,
        sent_by=coordinator,
    )
    petition = Approval.objects.create(
        enrollment=asked, asked_at=now, deadline=now + datetime.timedelta(days=3)
    )
    return ApprovalLink.objects.create(
        approval=petition,
        role=ApprovalLink.Role.MANAGER,
        email="jefatura@guadalajara.gob.mx",
        sent_at=now,
    )


@dataclass(frozen=True, slots=True)
class Address:
    """One entry of the resolver."""

    name: str
    pattern: str
    callback: Any

    @property
    def open(self) -> bool:
        """Whether the login middleware lets anybody pass."""
        return not getattr(self.callback, "login_required", True)

    @property
    def in_admin(self) -> bool:
        """Whether it belongs to the administration."""
        return self.name.startswith("admin:")


@functools.cache
def addresses() -> list[Address]:
    """Return every entry of the address book, in order."""
    return list(_walk(get_resolver()))


def _walk(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[Address]:
    for entry in resolver.url_patterns:
        pattern = f"{before}{entry.pattern}"
        if isinstance(entry, URLResolver):
            inside = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, pattern, inside)
        elif isinstance(entry, URLPattern):
            yield Address(f"{space}{entry.name or ''}", pattern, entry.callback)


def portal_paths(world: World) -> dict[str, str]:
    """Return the path of every address outside the administration, by name."""
    paths: dict[str, str] = {}
    for address in addresses():
        if address.in_admin:
            continue
        given = arguments(world, address)
        again = address.name in paths
        paths[address.name + (f"({[*given][-1]})" if again else "")] = reverse(
            address.name, kwargs=given
        )
    return paths


def arguments(world: World, address: Address) -> dict[str, Any]:
    """Return the sample arguments that this address takes, in its order."""
    sample = world.sample(address.name)
    return {key: sample[key] for key in _ARGUMENT.findall(address.pattern)}


def path_with(address: Address, word: str) -> str:
    """Return the path of an address with the same word in place of every argument."""
    plain = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", word.replace("\\", ""), address.pattern)
    return "/" + plain.replace("^", "").replace("$", "")


def admin_paths() -> dict[str, str]:
    """Return the path of every address of the administration, with the first row of each table."""
    first = {
        f"{model._meta.app_label}_{model._meta.model_name}": model._default_manager.order_by(
            "pk"
        ).first()
        for model in admin.site._registry
    }
    paths = {}
    for address in addresses():
        if not address.in_admin or address.name in {"admin:", "admin:app_list"}:
            continue
        if address.name in _ODD:
            paths[address.name] = reverse(address.name, args=_ODD[address.name])
        elif "<path:object_id>" not in address.pattern:
            paths[address.name] = reverse(address.name)
        else:
            table = "_".join(address.name.removeprefix("admin:").split("_")[:2])
            paths[address.name] = reverse(address.name, args=[_key(first[table], table)])
    return paths


def _key(row: models.Model | None, table: str) -> Any:
    if row is None:
        raise AssertionError(f"The world lacks a row of {table}, a table of the administration.")
    return row.pk


def fingerprint() -> dict[str, str]:
    """Return a digest of every table of the portal that a mere reading must not touch."""
    untouched = {}
    for label in ("members", "trainings", "resources", "common"):
        for model in apps.get_app_config(label).get_models():
            if model is AccessLog:
                continue
            fields = [f.attname for f in model._meta.concrete_fields if f.attname != "last_login"]
            rows = repr(list(model._default_manager.order_by("pk").values_list(*fields)))
            untouched[model._meta.label] = hashlib.sha256(rows.encode()).hexdigest()
    return untouched


def strangers_eyes(body: bytes, *words: object) -> str:
    """Return a page without what differs from request to request: tokens and the given words."""
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", body.decode())
    for word in words:
        text = text.replace(str(word), "")
    return text
