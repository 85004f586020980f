"""The pack is asked for and downloaded: by Dirección, with a purpose, and each time noted."""

from typing import Final, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from members import handing_over
from members.forms.term import HandoverForm
from members.http import account, refuse
from members.models import GovernmentTerm, HandoverPack, User
from red_genero.common import serving
from red_genero.common.http import staff_page
from red_genero.common.models import AccessLog, Job
from red_genero.common.states import By
from red_genero.handover.packing import PARTS_IN_ALL
from red_genero.tasks import make_handover

PERMISSION: Final = "members.close_governmentterm"
TYPES: Final = {"pdf": "application/pdf", "zip": "application/zip"}


@staff_page
@require_POST
def handover(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the worker for a pack; while one is being made, lead to that one."""
    user = _allowed(request)
    term = get_object_or_404(GovernmentTerm, key=key)
    form = HandoverForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                pack = handing_over.ask(
                    term, purpose=form.cleaned_data["purpose"], parts=PARTS_IN_ALL, by=By.web(user)
                )
                if pack.job.state == Job.State.PENDING:
                    make_handover.enqueue(pack.pk)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            return redirect("job_detail", pack.job.key)
    return render(request, "members/handover.html", {"term": term, "form": form}, status=422)


@staff_page
@require_safe
def handover_file(request: HttpRequest, key: str, pk: int, form: str) -> HttpResponse:
    """The PDF or the ZIP; the log says who took how many names, and for what."""
    user = _allowed(request)
    found = HandoverPack.objects.select_related("term")
    pack = get_object_or_404(found, pk=pk, term__key=key)
    stored, sha256 = (pack.pdf, pack.pdf_sha256) if form == "pdf" else (pack.data, pack.data_sha256)
    if form not in TYPES or not stored:
        raise Http404
    AccessLog.objects.create(
        user=user,
        what=f"Paquete de entrega ({form.upper()}): {pack.term}"[:200],
        purpose=pack.purpose,
        rows=pack.named,
    )
    answer = serving.stored(
        request,
        stored.name or "",
        filename=f"entrega-{pack.term.key}.{form}",
        content_type=TYPES[form],
        fingerprint=sha256,
    )
    return cast("HttpResponse", answer)


def _allowed(request: HttpRequest) -> User:
    """Return who asks; for the others it does not exist."""
    user = account(request)
    if not user.has_perm(PERMISSION):
        raise Http404
    return user
