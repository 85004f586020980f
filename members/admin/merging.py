"""Two people made one: who the other is, what differs, what passes, and the record that stays."""

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join

from members import duplicates, merging
from members.admin.designation import acting
from members.admin.likeness import Likenesses
from members.merge_checks import FIELDS, label
from members.models import Person, PersonMerge
from red_genero.common.admin import PeopleAdmin, ReadOnlyAdmin
from red_genero.common.admin.verbs import sentences
from red_genero.common.choices import is_key
from red_genero.common.text import format_phone

MERGE: Final = "members.merge_people"
FOUND: Final = 20
PHONES: Final = {"office_phone", "mobile"}


def _shown(choice: merging.Choice, value: str) -> str:
    """Return a datum as it is read."""
    return (format_phone(value) if choice.name in PHONES else value) or "(vacío)"


class MergeForm(forms.Form):
    """Whose datum stays, where they differ, and why they are one."""

    reason = forms.CharField(
        label="Motivo",
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 3}),
        help_text="Por ejemplo: se registró dos veces con dos correos; ella lo confirmó por teléfono.",
    )

    def __init__(self, plan: merging.Plan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked: dict[str, forms.Field] = {
            choice.name: forms.ChoiceField(
                label=choice.label[:1].upper() + choice.label[1:],
                choices=[
                    ("kept", _shown(choice, choice.kept)),
                    ("gone", _shown(choice, choice.gone)),
                ],
                initial=choice.proposed,
                widget=forms.RadioSelect,
            )
            for choice in plan.choices
        }
        self.fields = {**asked, **self.fields}


class MergeAdmin(Likenesses[Person]):
    """The page on which two people become one; Dirección only."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page."""
        page = path(
            "<path:object_id>/fusionar/",
            self.admin_site.admin_view(self.merge_view),
            name="members_person_merge",
        )
        return [page, *super().get_urls()]

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Find the other one, compare, and on POST make them one."""
        kept = self.get_object(request, unquote(object_id))
        if kept is None or not self.has_view_permission(request, kept):
            raise Http404
        if not request.user.has_perm(MERGE):
            raise PermissionDenied
        here = reverse("admin:members_person_change", args=[kept.pk])
        context = {
            **self.admin_site.each_context(request),
            "title": "Fusionar con otra persona",
            "opts": self.opts,
            "kept": kept,
            "back": here,
        }
        key = request.GET.get("con", "")
        if not key:
            return self._look_for_her(request, kept, context)
        if is_key(key) and PersonMerge.objects.filter(kept=kept, gone_key=int(key)).exists():
            messages.info(request, "Estas dos personas ya se fusionaron.")
            return HttpResponseRedirect(here)
        gone = self.get_queryset(request).filter(pk=key).first() if is_key(key) else None
        if gone is None:
            raise Http404
        return self._compare(request, kept, gone, context)

    def _look_for_her(
        self, request: HttpRequest, kept: Person, context: dict[str, Any]
    ) -> HttpResponse:
        """Show who looks like her, and a search by name."""
        typed = request.GET.get("q", "").replace("\x00", "")[:200]
        found = self.get_queryset(request).none()
        if typed.strip():
            known = self.get_queryset(request).exclude(pk=kept.pk)
            found = known.filter(pk__in=Person.objects.search(typed).values("pk"))[:FOUND]
        context |= {"typed": typed, "found": found, "alike": duplicates.of(kept)}
        return TemplateResponse(request, "admin/merging/look.html", context)

    def _compare(
        self, request: HttpRequest, kept: Person, gone: Person, context: dict[str, Any]
    ) -> HttpResponse:
        """Show what the merge would do; do it when the button is pressed."""
        plan = merging.plan(kept, gone, by=acting(request))
        form = MergeForm(plan, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            chosen = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
            try:
                merging.merge(
                    kept,
                    gone,
                    chosen=chosen,
                    reason=form.cleaned_data["reason"],
                    by=acting(request),
                )
            except ValidationError as refusal:
                form.add_error(None, sentences(refusal))
            else:
                messages.success(request, f"{gone} y {kept} son ahora una sola persona.")
                return HttpResponseRedirect(context["back"])
        context |= {"gone": gone, "plan": plan, "form": form}
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/merging/compare.html", context, status=status)


@admin.register(PersonMerge)
class PersonMergeAdmin(PeopleAdmin[PersonMerge], ReadOnlyAdmin[PersonMerge]):
    """What was merged, by whom and why; the former values stay readable."""

    reading_purpose = "Revisar fusiones de personas"
    list_display = ("at", "gone_name", "kept", "merged_by")
    list_display_links = ("gone_name",)
    list_select_related = ("kept", "merged_by__person")
    date_hierarchy = "at"
    fields = readonly_fields = (
        "kept",
        "gone_name",
        "gone_key",
        "reason",
        "merged_by",
        "at",
        "before",
        "passed",
    )

    @admin.display(description="datos de antes")
    def before(self, row: PersonMerge) -> str:
        """Where they differed, both values; the statistics stay out of sight."""
        kept, gone = row.values.get("queda", {}), row.values.get("fusionada", {})
        lines = (
            (label(name), kept.get(name) or "—", gone.get(name) or "—")
            for name in FIELDS
            if kept.get(name) != gone.get(name)
        )
        return format_html_join("", "<div>{}: «{}» y «{}»</div>", lines) or "Ninguno distinto."

    @admin.display(description="lo que pasó")
    def passed(self, row: PersonMerge) -> str:
        """How many rows of each table."""
        lines = ((each["tabla"], len(each["renglones"])) for each in row.moved)
        return format_html_join("", "<div>{}: {}</div>", lines) or "Nada."
