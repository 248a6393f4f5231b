"""Company 1 exists on every installation, before anybody registers."""

from django.db import migrations


def make(apps, schema_editor):
    company = apps.get_model("accounts", "Company")
    if not company.objects.exists():
        company.objects.create(company_name="Default Company", company_code="default")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
