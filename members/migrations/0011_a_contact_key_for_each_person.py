# A key of her own for each person who was already there

import uuid

from django.db import migrations


def give_keys(apps, schema_editor):
    people = apps.get_model("members", "Person").objects.using(schema_editor.connection.alias)
    for pk in people.filter(contact_key=None).values_list("pk", flat=True):
        people.filter(pk=pk).update(contact_key=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0010_contact_requests"),
    ]

    operations = [
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
