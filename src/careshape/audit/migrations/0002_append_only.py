"""Events can only be added, and heads only move on; what was retired may go."""

from typing import ClassVar

from django.db import migrations

from careshape.audit.append_only import append_only

RETIRED = "OLD.number <= COALESCE((SELECT retired FROM audit_head WHERE audit_head.chain = OLD.chain), 0)"
ONWARDS = "NEW.chain = OLD.chain AND NEW.number >= OLD.number AND NEW.retired >= OLD.retired"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0001_initial")]
    operations: ClassVar = [
        migrations.RunPython(*append_only("audit_event", (("id",), ("chain", "number")), removable=RETIRED)),
        migrations.RunPython(*append_only("audit_head", (("chain",),), changeable=ONWARDS)),
    ]
