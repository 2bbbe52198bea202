"""Payment runs, visits, and the contract of a list."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Money of packages."""

    dependencies = [
        ("source", "0006_together"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="vehicle",
            name="contract",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.CreateModel(
            name="PaymentRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("council", models.CharField(max_length=60)),
                ("number", models.PositiveIntegerField()),
                ("day", models.DateField()),
                ("totals", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.CharField(max_length=100)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("funder", models.CharField(max_length=10)),
                ("pence", models.BigIntegerField()),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="payments", to="source.package"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="payments", to="source.paymentrun"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VisitFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("council", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("checksum", models.CharField(max_length=64)),
                ("taken", models.PositiveIntegerField()),
                ("refused", models.PositiveIntegerField()),
                ("report", models.TextField(default="[]")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.CharField(max_length=100)),
                ("reference", models.CharField(max_length=100)),
                ("day", models.DateField()),
                ("planned", models.PositiveIntegerField()),
                ("delivered", models.PositiveIntegerField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=60)),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="source.package"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="source.visitfile"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="paymentrun",
            constraint=models.UniqueConstraint(fields=("council", "number"), name="source_payment_run_number"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                fields=("run", "package", "line", "first", "funder"), name="source_payment_once_a_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("pence", 0), _negated=True), name="source_payment_is_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("last__gte", models.F("first"))), name="source_payment_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="visitfile",
            constraint=models.UniqueConstraint(fields=("council", "checksum"), name="source_visit_file_once"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["package", "day"], name="source_visit_of_package"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                fields=("file", "package", "reference"), name="source_visit_once_a_file"
            ),
        ),
    ]
