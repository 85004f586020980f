"""The coordinator's desk: her ediciones, the board of each, the list to print, the closing."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Case, Count, F, Max, OuterRef, Q, Subquery, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from members.http import account
from red_genero import documents as engine
from red_genero.common.http import staff_page
from red_genero.common.states import By
from red_genero.common.text import fold
from trainings import attending, closing, documents, tallying
from trainings.boards import Board
from trainings.closing import Closing
from trainings.forms.attendance import AttendanceListForm, CloseForm, EditionFilterForm
from trainings.http import coordinated_edition, desk_crumbs, note_reading
from trainings.models import Attendance, Certificate, Edition, Enrollment, Session

PER_PAGE = 20
State = Enrollment.State


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session on the board."""

    session: Session
    marked: int
    refusal: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person on the board with her sum."""

    enrollment: Enrollment
    name: str
    tally: tallying.Tally


@staff_page
@require_safe
def coordination(request: HttpRequest) -> HttpResponse:
    """The ediciones that this person may coordinate, those that want something first."""
    may = ("trainings.coordinate_edition", "trainings.coordinate_every_edition")
    if not any(request.user.has_perm(permission) for permission in may):
        raise Http404
    form = EditionFilterForm(request.GET or None)
    editions = _in_order(Edition.objects.visible_to_coordinator(request.user))
    if form.is_valid():
        if state := form.cleaned_data["estado"]:
            editions = editions.filter(state=state)
        for word in fold(form.cleaned_data["q"]).split():
            editions = editions.filter(Q(course__search_key__contains=word) | Q(key__contains=word))
    page = Paginator(editions, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = _with_figures([row.pk for row in page])
    return render(
        request,
        "trainings/coordination.html",
        {"page_obj": page, "form": form, "now": timezone.now()},
    )


def _in_order(editions: models.QuerySet[Edition]) -> models.QuerySet[Edition]:
    """Put first the ediciones that want attention first; nothing is counted yet."""
    return editions.annotate(
        group=Case(
            When(state__in=[Edition.State.PUBLISHED, Edition.State.RUNNING], then=Value(0)),
            When(state=Edition.State.DRAFT, then=Value(1)),
            default=Value(2),
        ),
    ).order_by(
        "group",
        Case(When(group=2, then=None), default=F("starts_on")).asc(nulls_last=True),
        "-starts_on",
        "pk",
    )


def _with_figures(ids: list[int]) -> list[Edition]:
    """Return the ediciones of one page, in that order, with what the list shows of each; one query."""
    held = Session.objects.held().filter(edition=OuterRef("pk"))
    certificates = Certificate.objects.valid().filter(edition=OuterRef("pk"))
    found = (
        Edition.objects.select_related("course")
        .annotate(
            confirmed=Count("enrollments", filter=Q(enrollments__state=State.CONFIRMED)),
            offered=Count("enrollments", filter=Q(enrollments__state=State.OFFERED)),
            waiting=Count("enrollments", filter=Q(enrollments__state=State.WAITING)),
            completed=Count("enrollments", filter=Q(enrollments__state=State.COMPLETED)),
            next_session=Subquery(
                held.filter(ends_at__gte=timezone.now())
                .order_by("starts_at")
                .values("starts_at")[:1]
            ),
            last_session=Subquery(
                held.order_by().values("edition").annotate(last=Max("ends_at")).values("last")
            ),
            issued=Subquery(
                certificates.order_by()
                .values("edition")
                .annotate(number=Count("pk"))
                .values("number"),
                output_field=models.IntegerField(),
            ),
        )
        .in_bulk(ids)
    )
    return [found[pk] for pk in ids]


@staff_page
@require_safe
def coordination_edition(request: HttpRequest, key: str) -> HttpResponse:
    """The board of one edición: sessions, people, what comes next."""
    return _board(request, coordinated_edition(request, key))


def _board(
    request: HttpRequest,
    edition: Edition,
    list_form: AttendanceListForm | None = None,
    status: int = 200,
) -> HttpResponse:
    sessions = list(edition.sessions.all())
    for session in sessions:
        session.edition = edition
    board = Board(edition, request.GET.dict())
    inside = board.number(*Enrollment.OPEN, *Enrollment.HOLDING)
    held = [session for session in sessions if not session.cancelled_at]
    sums = board.sums(held)
    rows = sum(len(each.rows) for each in board.lists)
    note_reading(request, edition, "Tablero", purpose="Coordinar la edición", rows=rows)
    return render(
        request,
        "trainings/coordination_edition.html",
        {
            "edition": edition,
            "crumbs": desk_crumbs(edition)[:1],
            "sessions": _session_lines(edition, sessions),
            "board": board,
            "people": [
                PersonLine(row, documents.listed_name(row.person), sums[row.pk])
                for row in board.attending.rows
            ],
            "over": max(0, board.number(*Enrollment.HOLDING) - edition.seats),
            "acting": edition.state in Edition.AHEAD and bool(inside),
            "needs": _needs(request, edition),
            "list_form": list_form or AttendanceListForm(None, sessions=held, edition=edition),
            "ended": bool(held) and max(row.ends_at for row in held) <= timezone.now(),
            "certificates": edition.certificates.valid().count(),
        },
        status=status,
    )


def _session_lines(edition: Edition, sessions: list[Session]) -> list[SessionLine]:
    """Return the sessions with how many of the people have a mark."""
    counted = dict(
        Attendance.objects.filter(
            session__edition=edition, enrollment__state__in=Enrollment.ATTENDING
        )
        .order_by()
        .values_list("session")
        .annotate(number=Count("pk"))
    )
    return [
        SessionLine(session, counted.get(session.pk, 0), attending.refusal(session))
        for session in sessions
    ]


def _needs(request: HttpRequest, edition: Edition) -> list[Enrollment]:
    """Return who asked for an adjustment; nobody to whoever does not coordinate this very edición."""
    seated = edition.enrollments.filter(
        state__in=[State.CONFIRMED, State.OFFERED], edition__coordinators=request.user.pk
    )
    asked = seated.exclude(adjustments="", care_needs="").select_related("person")
    return list(asked.order_by("person__sort_name", "pk"))


@staff_page
@require_safe
def attendance_list_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """The blank list to be signed, of one session or of all."""
    edition = coordinated_edition(request, key)
    sessions = list(edition.sessions.held())
    form = AttendanceListForm(request.GET, sessions=sessions, edition=edition)
    if not form.is_valid():
        return _board(request, edition, form, status=400)
    if not sessions:
        messages.error(request, "La edición no tiene sesiones: no hay lista que imprimir.")
        return redirect("trainings:coordination_edition", key=edition.key)
    chosen = form.cleaned_data["sesion"]
    document = documents.attendance_list(
        edition,
        [chosen] if chosen else sessions,
        orientation=form.orientation,
        blank_rows=form.blank_rows,
        contact=form.cleaned_data["contacto"],
    )
    answer = engine.response(document, document.filename, inline=True)
    people = edition.enrollments.attending().count()
    what = "Lista de asistencia" + (" con contacto" * form.cleaned_data["contacto"])
    note_reading(request, edition, what, purpose="Registrar la asistencia", rows=people)
    return answer


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edition_close(request: HttpRequest, key: str) -> HttpResponse:
    """Everybody's sum and result first; the press closes the edición."""
    edition = coordinated_edition(request, key)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            closing.close(
                edition,
                by=By.web(account(request)),
                missing_are_absent=form.cleaned_data["missing_are_absent"],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "La edición quedó cerrada. Ya pueden emitirse constancias.")
            return redirect("trainings:certificate_issue", key=edition.key)
    return _closing_page(request, edition, form)


def _closing_page(request: HttpRequest, edition: Edition, form: CloseForm) -> HttpResponse:
    preview = Closing(edition)
    results = sorted(preview.results, key=lambda row: documents.list_key(row.enrollment))
    context = {
        "edition": edition,
        "crumbs": desk_crumbs(edition),
        "form": form,
        "results": [
            (documents.listed_name(result.enrollment.person), result) for result in results
        ],
        "refusals": preview.refusals,
        "missing": len(preview.missing),
        "closed": edition.state == Edition.State.CLOSED,
        "hours": documents.taught_hours(edition),
    }
    note_reading(request, edition, "Cierre", purpose="Cerrar la edición", rows=len(results))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "trainings/coordination_close.html", context, status=status)
