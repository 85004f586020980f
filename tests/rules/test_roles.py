"""The groups of the portal: what the command gives, takes and leaves alone."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from red_genero import roles
from red_genero.roles import ROLES

pytestmark = pytest.mark.django_db


def held(group: Group) -> set[str]:
    """Return the permissions of a group as roles.py writes them."""
    pairs = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in pairs}


def test_each_group_holds_exactly_its_role_however_often_it_is_run(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    call_command("sync_roles", verbosity=0)
    stray = Permission.objects.exclude(codename__startswith="view_").first()
    assert stray is not None
    library = Group.objects.get(name="Biblioteca")
    library.permissions.set([stray])
    own = Group.objects.create(name="De la casa")
    own.permissions.set([stray])

    call_command("sync_roles", verbosity=0)

    assert {group.name: held(group) for group in Group.objects.filter(name__in=ROLES)} == {
        name: set(codes) for name, codes in ROLES.items()
    }
    assert list(own.permissions.all()) == [stray]
    # A second run reads and changes nothing: savepoint, permissions, groups twice, grants, release.
    with django_assert_num_queries(6):
        call_command("sync_roles", verbosity=0)


def test_an_unknown_permission_is_named_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(roles.ROLES, "Visitas", ("members.fly_person",))
    with pytest.raises(CommandError, match=r"members\.fly_person"):
        call_command("sync_roles", verbosity=0)
    assert not Group.objects.exists()
