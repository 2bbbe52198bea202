"""Money is whole pence wherever it is stored: neither database is trusted with another kind of number."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from careshape.site.tables import tables

INEXACT = (models.FloatField, models.DecimalField)


@pytest.mark.parametrize("model", tables(apps), ids=lambda model: model._meta.db_table)
def test_no_table_holds_a_number_with_decimals(model):
    # SQLite adds decimals up as binary fractions, and reads one that is too wide no more.
    assert [field.name for field in model._meta.concrete_fields if isinstance(field, INEXACT)] == []
