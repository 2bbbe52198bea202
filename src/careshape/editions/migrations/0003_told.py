from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("editions", "0002_known_changes")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="told",
            field=models.TextField(default="{}"),
        ),
    ]
