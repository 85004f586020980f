"""Constancias: issuing those of an edición, and what each person keeps."""

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
from trainings import archiving, certifying, documents, issuing, previewing, programmes, tasks
from trainings.http import coordinated_edition, desk_crumbs, note_reading, require_permission
from trainings.kardex import Kardex
from trainings.models import Certificate, Edition, Instructor, IssueBatch, IssueItem

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
                    for _ in range(issuing.workers_for(batch)):
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
        "instructors": _instructors(edition),
        "bundles": list(edition.bundles.select_related("job")[:4]),
    }
    return render(request, "trainings/certificate_issue.html", context, status=status)


def _instructors(edition: Edition) -> list[tuple[Instructor, Certificate | None]]:
    """Return who taught, each with her reconocimiento when there is one."""
    recognitions = edition.certificates.filter(kind=Certificate.Kind.RECOGNITION).defer("frozen")
    issued = {certificate.person_id: certificate for certificate in recognitions.order_by("pk")}
    return [(each, issued.get(each.person_id or 0)) for each in edition.instructors.all()]


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
    context = {
        "kardex": Kardex(person) if person else None,
        "programmes": programmes.under_way_of(person) if person else [],
    }
    return render(request, "trainings/certificate_list.html", context)


@require_safe
def kardex_pdf(request: HttpRequest) -> HttpResponse:
    """Her kárdex on paper."""
    person = get_object_or_404(Person, user=request.user.pk)
    document = Kardex(person).document()
    return pdf_response(document, document.filename)


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
