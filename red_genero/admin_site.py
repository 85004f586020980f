"""The administration: entered through the account pages, with a second factor."""

from collections.abc import Iterable
from typing import Any, Final

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from red_genero.accounts.sessions import lead_to_second_factor, second_factor_missing
from red_genero.rooms import set_out

WITHOUT_TABLES: Final = frozenset({"account", "mfa", "usersessions", "django_tasks_database"})
"""Libraries whose rows are secrets or plumbing: the account pages and «trabajos» show what one may know of them."""


class PortalAdminSite(admin.AdminSite):
    """Django's admin behind the portal's own door."""

    site_header = "Red Interinstitucional de Género"
    site_title = "Red de Género"
    index_title = "Administración"
    empty_value_display = "—"
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, *args: Any, **kwargs: Any) -> None:
        """Leave out the tables that libraries register of their own accord."""
        models = (
            model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        )
        ours = [model for model in models if model._meta.app_label not in WITHOUT_TABLES]
        super().register(ours, *args, **kwargs)

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff whose session proved a second factor, when it is required."""
        return super().has_permission(request) and not second_factor_missing(request)

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the account pages; whoever is not staff finds nothing here."""
        then = self._then(request)
        if not request.user.is_authenticated:
            return redirect_to_login(then)
        if not super().has_permission(request):
            raise Http404
        if second_factor_missing(request):
            return lead_to_second_factor(request, then)
        return HttpResponseRedirect(then)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Open on what waits for this person, before the tables."""
        from members.http import account
        from red_genero.desk import waiting

        queues = waiting(account(request))
        lists = {
            "waiting": [queue for queue in queues if queue.count],
            "up_to_date": [queue for queue in queues if not queue.count],
        }
        return super().index(request, {**(extra_context or {}), **lists})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Set the tables out in rooms; those of one application, as Django does."""
        applications = super().get_app_list(request, app_label)
        return applications if app_label else set_out(applications)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Passwords are changed in one place, with its limits and notices."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def password_change_done(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nothing of its own: see ``password_change``."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def _then(self, request: HttpRequest) -> str:
        """Where she was going, if it is inside the portal."""
        wanted = request.GET.get("next", "")
        inside = url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        login = reverse("admin:login", current_app=self.name)
        if not inside or wanted.startswith(login):
            return reverse("admin:index", current_app=self.name)
        return wanted
