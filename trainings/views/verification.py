"""Verification: anybody with the paper in hand reads whether it stands."""

import re
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from red_genero.common.http import private_page
from red_genero.common.text import normalise_code
from trainings.documents import date_range, hours_phrase
from trainings.fingerprints import Fingerprint
from trainings.http import json_ld, over_limit
from trainings.models import Certificate

LONGEST = 80
TYPED_LIMIT, TYPED_SECONDS = 12, 600
PAGE_LIMIT, PAGE_SECONDS = 120, 60
_FOLIO = re.compile(r"RED(\d{4})(\d{1,7})")


@login_not_required
@private_page
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Where one types the folio or the code; what is found has its own address."""
    typed = request.GET.get("clave", "").strip()
    if not typed:
        return render(request, "trainings/verify.html", _asking())
    if over_limit(request, "verify", limit=TYPED_LIMIT, seconds=TYPED_SECONDS):
        return render(request, "429.html", status=429)
    code = _code_of(typed[:LONGEST])
    if code:
        return redirect("trainings:verify_code", code=code)
    context = _asking(typed=typed[:LONGEST])
    return render(request, "trainings/verify.html", context, status=404)


@login_not_required
@private_page
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What is known of the constancia with that code; the QR on the paper leads here."""
    if over_limit(request, "verify-code", limit=PAGE_LIMIT, seconds=PAGE_SECONDS):
        return render(request, "429.html", status=429)
    canonical = normalise_code(code[:LONGEST])
    if canonical and canonical != code:
        return redirect("trainings:verify_code", code=canonical, permanent=True)
    certificate = (
        Certificate.objects.with_code(canonical).select_related("replaced_by__edition").first()
    )
    if certificate is None:
        return render(request, "trainings/verify_unknown.html", {"code": canonical}, status=404)
    context = {
        "certificate": certificate,
        "dates": date_range(certificate.starts_on, certificate.ends_on),
        "hours": hours_phrase(certificate.hours),
        "json_ld": json_ld(_for_machines(certificate)),
    }
    return render(request, "trainings/verify_code.html", context)


@csrf_exempt
@login_not_required
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    """Whether the bytes of a PDF are those that were issued; the file is read as it comes and kept nowhere."""
    request.upload_handlers = [Fingerprint(request)]
    return _verify_file(request)


@csrf_protect
def _verify_file(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "trainings/verify.html", _asking(file_form=True))
    if over_limit(request, "verify", limit=TYPED_LIMIT, seconds=TYPED_SECONDS):
        return render(request, "429.html", status=429)
    fingerprint = request.upload_handlers[0]
    given = request.FILES.get("pdf")
    if given is None or not isinstance(fingerprint, Fingerprint) or fingerprint.too_big:
        context = _asking(file_form=True, file_error="Elija un archivo PDF de hasta 5 MB.")
        return render(request, "trainings/verify.html", context, status=422)
    found = Certificate.objects.filter(sha256=fingerprint.digest).defer("frozen").first()
    if found is None:
        return render(request, "trainings/verify_file_unknown.html", status=404)
    return render(request, "trainings/verify_file.html", {"certificate": found})


def _asking(*, typed: str = "", file_form: bool = False, file_error: str = "") -> dict[str, Any]:
    """Return what the page shows; a form that sends a file needs a cookie, which only its own page sets."""
    return {"typed": typed, "file_form": file_form, "file_error": file_error}


def _code_of(typed: str) -> str:
    """Return the code of a constancia from what was typed: its folio or its code; nothing when there is none."""
    plain = normalise_code(typed)
    folio = _FOLIO.fullmatch(plain)
    found = (
        Certificate.objects.filter(folio=f"RED-{folio[1]}-{int(folio[2]):04d}")
        if folio
        else Certificate.objects.with_code(plain)
    )
    return found.values_list("code", flat=True).first() or ""


def _for_machines(certificate: Certificate) -> dict[str, Any]:
    """Return the same facts as the page, in the words of schema.org."""
    url = certificate.frozen["context"]["verify_url"]
    status = {
        Certificate.State.VALID: "vigente",
        Certificate.State.REPLACED: "reemplazada",
        Certificate.State.REVOKED: "revocada",
    }[Certificate.State(certificate.state)]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "identifier": certificate.folio,
        "url": url,
        "name": f"{certificate.get_kind_display()}: {certificate.course_title}",
        "credentialCategory": certificate.get_kind_display(),
        "creativeWorkStatus": status,
        "dateCreated": timezone.localdate(certificate.issued_at).isoformat(),
        "recognizedBy": {"@type": "Organization", "name": certificate.frozen["issuer"]},
    }
    if certificate.state == Certificate.State.VALID:
        data["about"] = {
            "@type": "Person",
            "name": certificate.name,
        }
        data["timeRequired"] = f"PT{certificate.hours.normalize():f}H"
        data["temporalCoverage"] = f"{certificate.starts_on}/{certificate.ends_on}"
    if certificate.replaced_by:
        path = reverse("trainings:verify_code", args=[certificate.replaced_by.code])
        data["supersededBy"] = url.split("/verificar/", 1)[0] + path
    return data
