"""The shared logs as staff reads them: nothing is changed there."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from red_genero.common.admin.verbs import ReadOnlyAdmin, moved
from red_genero.common.models import AccessLog, Job, QueuedMail, Transition


@admin.register(Transition)
class TransitionAdmin(ReadOnlyAdmin[Transition]):
    """The changes of state of what the reader may view."""

    list_display = ("at", "row", "what", "actor_name", "channel", "reason")
    list_filter = ("channel", ("content_type", admin.RelatedOnlyFieldListFilter), "at")
    list_select_related = ("content_type",)
    search_fields = ("actor_name", "reason", "=object_id")
    search_help_text = "Busque por quién, motivo o número del objeto."
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    fields = (
        "row",
        "what",
        "actor",
        "actor_name",
        "channel",
        "reason",
        "at",
    )

    @admin.display(description="de qué", ordering="object_id")
    def row(self, line: Transition) -> str:
        """A link to the row that moved."""
        return _link(line.content_type, line.object_id)

    @admin.display(description="cambio", ordering="to_state")
    def what(self, line: Transition) -> str:
        """The move, in words."""
        return moved(line, line.content_type.model_class())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transition]:
        """Nothing about what she may not see."""
        return Transition.objects.visible_to(request.user).order_by(*self.ordering)


@admin.register(QueuedMail)
class QueuedMailAdmin(ReadOnlyAdmin[QueuedMail]):
    """What was sent to whom; one-time codes and links of the accounts are never shown."""

    list_display = ("created_at", "recipient", "subject", "state", "attempts", "sent_at")
    list_filter = ("state", "created_at")
    search_fields = ("recipient", "subject")
    search_help_text = "Busque por correo o asunto."
    date_hierarchy = "created_at"
    fields = ("recipient", "subject", "shown_text", "row", "state", "attempts", "created_at",
              "sent_at", "next_attempt_at", "expires_at", "last_error")  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[QueuedMail]:
        """Nothing about what she may not see."""
        return QueuedMail.objects.visible_to(request.user)

    @admin.display(description="sobre")
    def row(self, mail: QueuedMail) -> str:
        """A link to the row that it is about."""
        return _link(mail.about_type, mail.about_id) if mail.about_type and mail.about_id else "—"

    @admin.display(description="texto")
    def shown_text(self, mail: QueuedMail) -> str:
        """The text, unless it opens an account."""
        return mail.readable_text


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin[AccessLog]):
    """Who read or exported lists of people."""

    list_display = ("at", "user", "what", "purpose", "rows")
    list_filter = ("at",)
    list_select_related = ("user__person",)
    search_fields = ("what", "purpose", "user__email")
    search_help_text = "Busque por lista, propósito o correo de quien consultó."
    date_hierarchy = "at"


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin[Job]):
    """Long work in the background."""

    list_display = ("created_at", "title", "state", "done", "failed", "total", "started_by")
    list_filter = ("state", "created_at")
    list_select_related = ("started_by__person",)
    search_fields = ("title",)
    search_help_text = "Busque por nombre del trabajo."
    fields = (
        "title",
        "state",
        "total",
        "done",
        "failed",
        "detail",
        "started_by",
        "created_at",
        "beat_at",
        "finished_at",
    )


def _link(kind: ContentType, key: int) -> str:
    """Return a link to a row's page in the administration, or its name where it has none."""
    words = f"{kind.name} {key}"
    try:
        url = reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[key])
    except NoReverseMatch:
        return words
    return format_html('<a href="{}">{}</a>', url, words)
