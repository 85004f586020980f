"""Periodos de gobierno, their tasks and what is handed over; no day belongs to two terms."""

import django.db.models.deletion
import django.utils.timezone
import red_genero.common.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "members_governmentterm"
NAME = "government_term_no_overlap"
# As for the posts of enlace: an exclusion constraint on PostgreSQL, two triggers on SQLite.
POSTGRESQL = """
ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist (
    daterange(first_day, last_day, '[]') WITH &&
)
"""
SQLITE = """
CREATE TRIGGER {name}_{event} BEFORE {what} ON {table}
BEGIN
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: {name}')
    WHERE EXISTS (
        SELECT 1 FROM {table} AS other
        WHERE other.id IS NOT NEW.id
        AND other.first_day <= NEW.last_day AND other.last_day >= NEW.first_day
    );
END
"""
EVENTS = {"insert": "INSERT", "update": "UPDATE OF first_day, last_day"}


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Refuse, in the database, a day that belongs to two terms."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL.format(table=TABLE, name=NAME))
    elif schema_editor.connection.vendor == "sqlite":
        for event, what in EVENTS.items():
            schema_editor.execute(SQLITE.format(table=TABLE, name=NAME, event=event, what=what))


def release(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the guard away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {NAME}")
    elif schema_editor.connection.vendor == "sqlite":
        for event in EVENTS:
            schema_editor.execute(f"DROP TRIGGER {NAME}_{event}")


class Migration(migrations.Migration):
    """Tables and their guard."""

    dependencies = [
        ('common', '0003_mail_texts'),
        ('members', '0008_gender_units'),
    ]

    operations = [
        migrations.CreateModel(
            name='GovernmentTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text='Va en las direcciones: «2024-2027».', max_length=40, unique=True, verbose_name='clave')),
                ('name', models.CharField(max_length=120, validators=[red_genero.common.text.validate_plain], verbose_name='nombre')),
                ('first_day', models.DateField(verbose_name='primer día')),
                ('last_day', models.DateField(verbose_name='último día')),
                ('state', models.CharField(choices=[('abierto', 'Abierto'), ('cerrado', 'Cerrado')], default='abierto', max_length=10, verbose_name='estado')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='cerrado el')),
                ('quarter_reminded_at', models.DateTimeField(editable=False, null=True, verbose_name='recordado a 90 días')),
                ('month_reminded_at', models.DateTimeField(editable=False, null=True, verbose_name='recordado a 30 días')),
                ('week_reminded_at', models.DateTimeField(editable=False, null=True, verbose_name='recordado a 7 días')),
                ('closed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='quién lo cerró')),
            ],
            options={
                'verbose_name': 'periodo de gobierno',
                'verbose_name_plural': 'periodos de gobierno',
                'ordering': ['-first_day'],
                'permissions': [('close_governmentterm', 'Puede cerrar periodos de gobierno y preparar su entrega')],
            },
        ),
        migrations.CreateModel(
            name='HandoverPack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=200, validators=[red_genero.common.text.validate_plain], verbose_name='para qué')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='pedido')),
                ('pdf', models.FileField(blank=True, max_length=200, upload_to='entregas/', verbose_name='PDF')),
                ('data', models.FileField(blank=True, max_length=200, upload_to='entregas/', verbose_name='datos')),
                ('named', models.PositiveIntegerField(default=0, verbose_name='nombres que contiene')),
                ('pdf_sha256', models.CharField(blank=True, max_length=64, verbose_name='huella SHA-256 del PDF')),
                ('data_sha256', models.CharField(blank=True, max_length=64, verbose_name='huella SHA-256 de los datos')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='quién lo pidió')),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='handover', to='common.job', verbose_name='trabajo')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='members.governmentterm', verbose_name='periodo')),
            ],
            options={
                'verbose_name': 'paquete de entrega',
                'verbose_name_plural': 'paquetes de entrega',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalGovernmentTerm',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('key', models.SlugField(help_text='Va en las direcciones: «2024-2027».', max_length=40, verbose_name='clave')),
                ('name', models.CharField(max_length=120, validators=[red_genero.common.text.validate_plain], verbose_name='nombre')),
                ('first_day', models.DateField(verbose_name='primer día')),
                ('last_day', models.DateField(verbose_name='último día')),
                ('state', models.CharField(choices=[('abierto', 'Abierto'), ('cerrado', 'Cerrado')], default='abierto', max_length=10, verbose_name='estado')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='cerrado el')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('closed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='quién lo cerró')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical periodo de gobierno',
                'verbose_name_plural': 'historical periodos de gobierno',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='TermTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pendiente', 'Pendiente'), ('ratificada', 'Ratificada'), ('sustituida', 'Nueva designación'), ('vacante', 'Vacante declarada'), ('sin_efecto', 'Sin efecto')], default='pendiente', max_length=12, verbose_name='estado')),
                ('reason', models.TextField(blank=True, max_length=1000, verbose_name='por qué queda vacante')),
                ('settled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='resuelta')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='term_tasks', to='members.department', verbose_name='dependencia')),
                ('designation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.designation', verbose_name='designación que la resolvió')),
                ('outgoing', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.designation', verbose_name='quién era enlace al cierre')),
                ('settled_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='quién la resolvió')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='members.governmentterm', verbose_name='periodo que terminó')),
            ],
            options={
                'verbose_name': 'tarea del cambio de gobierno',
                'verbose_name_plural': 'tareas del cambio de gobierno',
                'ordering': ['term', 'department__name', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='governmentterm',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gt', models.F('first_day'))), name='government_term_ends_after_start', violation_error_message='El último día debe ser posterior al primero.'),
        ),
        migrations.AddConstraint(
            model_name='governmentterm',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'cerrado'), _negated=True), ('closed_at__isnull', False), _connector='OR'), name='government_term_closed_has_date'),
        ),
        migrations.AddConstraint(
            model_name='termtask',
            constraint=models.UniqueConstraint(fields=('term', 'department'), name='term_task_once_per_department', violation_error_message='Esa dependencia ya tiene su tarea de ese periodo.'),
        ),
        migrations.AddConstraint(
            model_name='termtask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('designation__isnull', False), ('state__in', ['ratificada', 'sustituida'])), models.Q(models.Q(('state__in', ['ratificada', 'sustituida']), _negated=True), ('designation__isnull', True)), _connector='OR'), name='term_task_settled_by_a_designation'),
        ),
        migrations.AddConstraint(
            model_name='termtask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'vacante'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='term_task_vacant_has_reason', violation_error_message='Escriba por qué queda vacante.'),
        ),
        migrations.RunPython(guard, release),
    ]
