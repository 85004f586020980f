"""Constancias: issuing those of an edición, and what each person keeps."""

from collections import defaultdict
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from members.http import account
from members.models import Person
from red_genero.common.http import no_store, staff_page
from red_genero.common.models import Job
from red_genero.common.states import By
from red_genero.documents import response as pdf_response
from trainings import archiving, certifying, documents, previewing, programmes, tasks
from trainings.http import coordinated_edition, desk_crumbs, note_reading, require_permission
from trainings.models import Certificate, Edition, IssueBatch, IssueItem

REFRESH_SECONDS = 5


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_issue(request: HttpRequest, key: str) -> HttpResponse:
    """Who gets a constancia and who not; the press starts the batch, whose progress is read here."""
    edition = coordinated_edition(request, key)
    by = By.web(account(request))
    if request.method == "POST":
        require_permission(request, "trainings.issue_certificate")
        try:
            with transaction.atomic():
                batch = certifying.issue(edition, by=by)
                if batch.job.state == Job.State.PENDING:
                    tasks.issue_batch.enqueue(batch.pk)
        except ValidationError as refusal:
            return _issue_page(request, edition, by, refusal.messages, status=422)
        messages.success(request, "La emisión comenzó. Puede salir de esta página: sigue sola.")
        return redirect("trainings:certificate_issue", key=edition.key)
    return _issue_page(request, edition, by, [])


def _issue_page(
    request: HttpRequest, edition: Edition, by: By, errors: list[str], status: int = 200
) -> HttpResponse:
    preview = previewing.Preview(edition, by=by)
    batch = edition.issue_batches.select_related("job").order_by("pk").last()
    running = batch is not None and batch.job.state in certifying.UNFINISHED
    if not running:  # while it runs the page asks again by itself every few seconds
        people = len(preview.candidates)
        note_reading(request, edition, "Constancias", purpose="Emitir constancias", rows=people)
    context = {
        "edition": edition,
        "crumbs": desk_crumbs(edition),
        "preview": preview,
        "errors": errors,
        "batch": batch,
        "failed": _failed(batch),
        "running": running,
        "refresh": REFRESH_SECONDS,
        "offers_issue": (
            not running
            and not preview.refusals
            and bool(preview.receiving)
            and request.user.has_perm("trainings.issue_certificate")
        ),
        "hours": documents.taught_hours(edition),
    }
    return render(request, "trainings/certificate_issue.html", context, status=status)


def _failed(batch: IssueBatch | None) -> list[IssueItem]:
    """Return what the last batch could not do, with the person at hand."""
    if batch is None:
        return []
    failed = batch.items.filter(state=IssueItem.State.FAILED)
    return list(failed.select_related("enrollment__person"))


@require_safe
def certificate_list(request: HttpRequest) -> HttpResponse:
    """Her constancias, with the hours that stand, by área de contenido."""
    person = Person.objects.filter(user=request.user.pk).first()
    certificates = list(
        Certificate.objects.filter(person__user=request.user.pk)
        .select_related("edition__course__area", "replaced_by")
        .defer("frozen", "replaced_by__frozen")
    )
    areas: defaultdict[str, Decimal] = defaultdict(Decimal)
    for certificate in certificates:
        if certificate.state == Certificate.State.VALID:
            areas[certificate.edition.course.area.name] += certificate.hours
    context = {
        "certificates": certificates,
        "hours": sum(areas.values(), Decimal(0)),
        "areas": sorted(areas.items(), key=lambda pair: (-pair[1], pair[0])),
        "valid": sum(row.state == Certificate.State.VALID for row in certificates),
        "programmes": programmes.under_way_of(person) if person else [],
    }
    return render(request, "trainings/certificate_list.html", context)


@staff_page
@require_safe
def certificate_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The bytes that were issued, to their holder and to whoever may read them; anybody else finds nothing."""
    found = Certificate.objects.visible_to(request.user).with_code(code)
    certificate = get_object_or_404(found.defer("frozen").distinct())
    content = archiving.read_pdf(certificate) if certificate.sha256 else None
    if content is None:
        answer = render(
            request,
            "trainings/certificate_pending.html",
            {"certificate": certificate},
            status=503,
        )
        answer["Retry-After"] = str(REFRESH_SECONDS)
        no_store(answer)
        return answer
    return pdf_response(content, documents.certificate_filename(certificate), inline=True)
