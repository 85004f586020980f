"""Documents of an edición besides the constancias themselves: reconocimientos, the whole set in one file, samples."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.http import account
from red_genero.common.http import no_store, staff_page
from red_genero.common.models import Job
from red_genero.common.states import By
from red_genero.documents import response as pdf_response
from trainings import bundling, certifying, designing, loading, tasks
from trainings.http import coordinated_edition, note_reading, require_permission
from trainings.models import Bundle, Design


@staff_page
@require_POST
def recognition_issue(request: HttpRequest, key: str) -> HttpResponse:
    """Issue the reconocimientos of the facilitadoras; pressing again issues nothing twice."""
    edition = coordinated_edition(request, key)
    require_permission(request, "trainings.issue_certificate")
    try:
        with transaction.atomic():
            made = certifying.recognise(edition, by=By.web(account(request)))
            for certificate in made:
                tasks.make_pdf.enqueue(certificate.pk)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        folios = ", ".join(certificate.folio for certificate in made)
        sentence = (
            f"Reconocimientos emitidos: {folios}." if made else "No hay reconocimientos por emitir."
        )
        messages.success(request, sentence)
    return redirect("trainings:certificate_issue", key=edition.key)


@staff_page
@require_POST
def bundle_ask(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the worker for all the constancias in one file."""
    edition = coordinated_edition(request, key)
    require_permission(request, "trainings.issue_certificate")
    try:
        with transaction.atomic():
            bundle = bundling.ask(
                edition, request.POST.get("form", ""), by=By.web(account(request))
            )
            if bundle.job.state == Job.State.PENDING:
                tasks.make_bundle.enqueue(bundle.pk)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(
            request, f"{bundle.get_form_display()}: se está preparando. Aparecerá en esta página."
        )
    return redirect("trainings:certificate_issue", key=edition.key)


@staff_page
@require_safe
def bundle_file(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The file, streamed to who may issue in that edición."""
    edition = coordinated_edition(request, key)
    require_permission(request, "trainings.issue_certificate")
    bundle = get_object_or_404(edition.bundles.select_related("job"), pk=pk)
    if not bundle.file or bundle.job.state not in {Job.State.DONE, Job.State.FAILED}:
        raise Http404
    note_reading(
        request,
        edition,
        bundle.get_form_display(),
        purpose="Entregar constancias",
        rows=bundle.job.done,
    )
    if not bundle.file.storage.exists(bundle.file.name or ""):
        raise Http404
    streamed = StreamingHttpResponse(_pieces(bundle), content_type="application/octet-stream")
    name = f"constancias-{edition.key}.{bundle.form}"
    streamed["Content-Disposition"] = f'attachment; filename="{name}"'
    streamed["Content-Length"] = str(bundle.file.size)
    answer = cast("HttpResponse", streamed)
    no_store(answer)
    return answer


def _pieces(bundle: Bundle) -> Iterator[bytes]:
    """Yield the file piece by piece, open only while it is being sent."""
    with bundle.file.open("rb") as file:
        yield from file.chunks()


@staff_page
@require_safe
def design_preview(request: HttpRequest, pk: int, case: str) -> HttpResponse:
    """A design printed with invented data."""
    require_permission(request, "trainings.view_design")
    design = get_object_or_404(Design, pk=pk)
    if case not in designing.Case.__members__.values():
        raise Http404
    try:
        document = designing.sample(design, designing.Case(case))
        return pdf_response(document, document.filename, inline=True)
    except ValidationError as refusal:
        context = {"design": design, "errors": refusal.messages}
        return render(request, "trainings/design_broken.html", context, status=422)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def past_load(request: HttpRequest) -> HttpResponse:
    """Load the constancias of before the portal: first every row is shown as judged, then all are loaded or none."""
    require_permission(request, "trainings.add_pastcertificate")
    context: dict[str, Any] = {
        "columns": loading.COLUMNS,
        "errors": [],
        "lines": [],
        "wrong": 0,
        "content": "",
    }
    if request.method != "POST":
        return render(request, "trainings/past_load.html", context)
    given = request.FILES.get("file")
    content = given.read(loading.LARGEST + 1) if given else request.POST.get("content", "").encode()
    by = account(request)
    try:
        if "confirm" in request.POST:
            count = loading.load(content, by=by)
            messages.success(
                request, f"Se cargaron {count} constancias históricas. No se envió correo."
            )
            return redirect("trainings:past_load")
        content = loading.as_csv(given.name or "" if given else "", content)
        context["lines"] = lines = loading.read(content, by=by)
        context["wrong"] = sum(bool(line.errors) for line in lines)
        context["content"] = content.decode("utf-8-sig", errors="replace")
    except ValidationError as refusal:
        context["errors"] = refusal.messages
    status = 422 if context["errors"] or context["wrong"] else 200
    return render(request, "trainings/past_load.html", context, status=status)
