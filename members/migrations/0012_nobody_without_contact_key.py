# From now on every person is born with a key

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0011_a_contact_key_for_each_person"),
    ]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="contact_key",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, unique=True, verbose_name="clave de contacto"
            ),
        ),
    ]
