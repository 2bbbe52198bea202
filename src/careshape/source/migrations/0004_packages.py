"""What was told of a package becomes what is kept, and its lines follow from it."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


def tell_what_was_kept(apps: Any, schema_editor: Any) -> None:
    """Make of the lines of each package what was told: the first one, each change, and the end."""
    package_model, telling = apps.get_model("source", "Package"), apps.get_model("source", "Telling")
    for package in package_model.objects.order_by("pk").iterator():
        if package.service in ("home-care", "personal-assistants"):
            package_model.objects.filter(pk=package.pk).update(contract="home-care")
        lines = list(package.lines.filter(withdrawn=False).order_by("number"))
        if not lines:
            continue
        known, made = package.made_at.date(), []
        ends = lines[-1].ends_on
        made.append(("line", {
            "line": "core", "component": "core", "from": lines[0].starts_on.isoformat(),
            "units_per_week": _two(lines[0].units), "price": _two(lines[0].price),
            **({"to": ends.isoformat()} if ends and not package.ended_because else {}),
        }))  # fmt: skip
        for before, one in pairwise(lines):
            changed = {name: _two(value) for name, value, was in (
                ("units_per_week", one.units, before.units), ("price", one.price, before.price),
            ) if value != was}  # fmt: skip
            if changed:
                made.append(("change", {"line": "core", "from": one.starts_on.isoformat(), **changed}))
        if ends and package.ended_because:
            made.append(("ending", {"on": ends.isoformat()}))
        for number, (kind, body) in enumerate(made, 1):
            telling.objects.create(
                package=package, number=number, kind=kind, known=known, body=json.dumps(body, sort_keys=True),
                why=package.ended_because if kind == "ending" else "", at=package.made_at,
            )  # fmt: skip


def _two(value: int) -> str:
    return f"{value // 100}.{value % 100:02}"


class Migration(migrations.Migration):
    """Tellings of packages."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("source", "0003_vehicles"),
    ]

    operations = [
        migrations.AddField("package", "contract", models.CharField(default="care-home", max_length=60)),
        migrations.AddField("line", "name", models.CharField(default="core", max_length=100)),
        migrations.AddField("line", "component", models.CharField(default="core", max_length=60)),
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("known", models.DateField()),
                ("body", models.TextField()),
                ("replaces", models.PositiveIntegerField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=500)),
                ("cause", models.CharField(blank=True, max_length=80)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tellings", to="source.package"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("package", "number"), name="source_telling_number"),
                    models.UniqueConstraint(
                        fields=("package", "replaces"),
                        condition=Q(replaces__isnull=False),
                        name="source_telling_replaced_once",
                    ),
                    models.UniqueConstraint(
                        fields=("package", "cause"), condition=~Q(cause=""), name="source_telling_cause"
                    ),
                    models.CheckConstraint(
                        condition=Q(replaces__isnull=True) | Q(replaces__lt=F("number")),
                        name="source_telling_replaces_earlier",
                    ),
                ]
            },
        ),
        migrations.RunPython(tell_what_was_kept, migrations.RunPython.noop),
    ]
