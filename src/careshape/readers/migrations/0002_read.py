"""Whether followers have read of an edition; what was told before this was kept counts as read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("readers", "0001_initial")]

    operations = [
        migrations.AddField(model_name="notice", name="read_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL("UPDATE readers_notice SET read_at = at", migrations.RunSQL.noop),
    ]
