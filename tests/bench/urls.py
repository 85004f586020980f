"""The portal's addresses and two more for the benchmark of seats: the least a verb can do, and the wrong way."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path
from django.views.decorators.http import require_POST

from members.models import Person
from trainings import emails, filling
from trainings.models import Edition, Enrollment

State = Enrollment.State


@require_POST
def row_lock(request: HttpRequest, key: str) -> HttpResponse:
    """Only the lock, the count and one row."""
    person = Person.objects.get(user=request.user.pk)
    with transaction.atomic():
        run = Edition.objects.locked(Edition.objects.values_list("pk", flat=True).get(key=key))
        free = filling.places_of(run).free
        chosen = State.CONFIRMED if free else State.REQUESTED
        Enrollment.objects.create(edition=run, person=person, state=chosen)
    return HttpResponseRedirect("/salud/")


@require_POST
def naive(request: HttpRequest, key: str) -> HttpResponse:
    """Look, write her letter, then insert: what must not be done."""
    run = Edition.objects.select_related("course").get(key=key)
    person = Person.objects.select_related("user").get(user=request.user.pk)
    free = filling.places_of(run).free
    seat = Enrollment(
        edition=run, person=person, state=State.CONFIRMED if free else State.REQUESTED
    )
    letter = emails.Letter(seat)
    seat.save()
    if free:
        letter.queue(seat)
    return HttpResponseRedirect("/salud/")


urlpatterns = [
    path("medicion/candado/<slug:key>/", row_lock),
    path("medicion/ingenuo/<slug:key>/", naive),
    path("", include("red_genero.urls")),
]
