"""Avisos de privacidad: those in force and every former version."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from members.models import PrivacyNotice


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The avisos in force, and the list of all versions."""
    published = list(PrivacyNotice.objects.published())
    in_force: dict[str, PrivacyNotice] = {}
    for notice in published:
        in_force.setdefault(notice.kind, notice)
    kinds = (PrivacyNotice.Kind.SIMPLIFIED, PrivacyNotice.Kind.INTEGRAL)
    context = {
        "simplified": in_force.get(kinds[0]),
        "integral": in_force.get(kinds[1]),
        "shown": [in_force[kind] for kind in kinds if kind in in_force],
        "versions": published,
        "current": {notice.pk for notice in in_force.values()},
    }
    return render(request, "members/privacy.html", context)


@login_not_required
@require_safe
def privacy_version(request: HttpRequest, kind: str, version: str) -> HttpResponse:
    """One version, in force or not."""
    notice = get_object_or_404(PrivacyNotice.objects.published(), kind=kind, version=version)
    current = PrivacyNotice.objects.in_force(kind)
    context = {"notice": notice, "current": current, "is_current": current == notice}
    return render(request, "members/privacy_version.html", context)
