import django.db.models.deletion
import django.utils.timezone
import red_genero.common.text
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0012_nobody_without_contact_key'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnitRatification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='clave')),
                ('number', models.CharField(max_length=60, validators=[red_genero.common.text.validate_plain], verbose_name='número del oficio')),
                ('date', models.DateField(verbose_name='fecha del oficio')),
                ('file', models.FileField(max_length=200, upload_to='unidades/ratificaciones/', verbose_name='oficio')),
                ('recorded_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='registrada el')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='quién la registró')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratifications', to='members.governmentterm', verbose_name='periodo que terminó')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratifications', to='members.genderunit', verbose_name='unidad')),
            ],
            options={
                'verbose_name': 'ratificación de unidad',
                'verbose_name_plural': 'ratificaciones de unidades',
                'ordering': ['-date', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('unit', 'term'), name='unit_ratification_once_per_term', violation_error_message='Esa unidad ya se ratificó tras ese periodo.'), models.CheckConstraint(condition=models.Q(models.Q(('number', ''), _negated=True), models.Q(('file', ''), _negated=True)), name='unit_ratification_needs_document', violation_error_message='La ratificación necesita número y archivo.')],
            },
        ),
    ]
