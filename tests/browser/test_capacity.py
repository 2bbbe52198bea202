"""A provider says what it could begin, in a real browser; the council reads what is free and beyond a line."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import warm
from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_work import enter, folder, people_of, place  # noqa: F401  (the sample, served)
from tests.browser.waiting import follow
from tests.source.place import today

pytestmark = pytest.mark.browser
REGISTER = """
import os, sys
os.environ["CARESHAPE_DIR"], os.environ["DJANGO_SETTINGS_MODULE"] = sys.argv[1], "careshape.site.settings"
import django
django.setup()
from careshape.accounts.models import Account, Membership, OrganisationLocation
from careshape.providers.models import Location
owner = Membership.objects.filter(account__email="provider@worcestershire.example.org").first().organisation
for name, kind, services, beds in (
    ("Synthetic home", "nursing-home", ["nursing"], 40), ("Synthetic branch", "home-care-branch", ["home-care"], None),
):
    made = OrganisationLocation.objects.create(organisation=owner, name=name)
    Location.objects.create(
        place=made, kind=kind, services=services, district="wychavon", outward="WR10", registered_beds=beds
    )
"""


@pytest.fixture(scope="module")
def homes(place: str, folder: Path) -> None:  # noqa: F811
    """A home and a branch of home care of the provider that signs in."""
    done = warm.run(REGISTER, folder)
    assert done.returncode == 0, done.stderr


def _fill(page, number: int, **values: str) -> None:
    for name, value in values.items():
        field = page.locator(f"[name='{number}-{name}']")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def test_capacity_is_returned_read_and_raises_an_alert(homes, place, people_of, window, tmp_path) -> None:  # noqa: F811
    provider, commissioner = window(), window(java_script_enabled=False)
    enter(provider, place, people_of, "provider")
    expect(provider.locator("main")).to_contain_text("2 locations have not returned their capacity this week")
    follow(provider, "nav >> text=Your capacity")
    assert axe(provider) == []
    follow(provider, "main a:has-text('Synthetic home') >> nth=0")
    _fill(provider, 0, bed_type="general-nursing", maximum="41", in_use="20", reserved="0", admittable="5")
    provider.click("button:has-text('Send the return')")
    expect(provider.locator(".govuk-error-summary")).to_contain_text("41 beds over all types are more than the 40")
    expect(provider.locator("[name='0-in_use']")).to_have_value("20")
    assert axe(provider) == []
    _fill(provider, 0, maximum="30")
    provider.click("button:has-text('Add another line')")
    expect(provider.locator("[name='1-maximum']")).to_be_visible()
    _fill(provider, 1, bed_type="dementia-nursing", maximum="10", in_use="4", reserved="1", admittable="3")
    provider.click("button:has-text('Send the return')")
    expect(provider.locator("main")).to_contain_text("The return of Synthetic home is in. It counts from now.")
    follow(provider, "main a:has-text('Synthetic home') >> nth=0")
    expect(provider.locator("[name='1-in_use']")).to_have_value("4")
    wrong = tmp_path / "hours.csv"
    wrong.write_text(
        "location_id,day,zone,time_band,held,free,unit\n"
        f"L9,{today():%d/%m/%Y},Evesham zone,morning,100,10,hours\n", "utf-8",
    )  # fmt: skip
    follow(provider, "nav >> text=Your capacity")
    follow(provider, "text=Send a file instead")
    assert axe(provider) == []
    provider.set_input_files("#file", str(wrong))
    provider.click("button:has-text('Send the file')")
    expect(provider.locator("main")).to_contain_text("has no active location L9")
    assert axe(provider) == []
    enter(commissioner, place, people_of, "commissioner")
    expect(commissioner.locator("main")).to_contain_text("lies beyond a line")
    follow(commissioner, "nav >> text=Capacity")
    expect(commissioner.locator("table")).to_contain_text("60.0")  # 24 of 40 are in use
    assert axe(commissioner) == []
    commissioner.select_option("#by", "bed_type")
    follow(commissioner, "button:has-text('Split')")
    expect(commissioner.locator("table")).to_contain_text("Dementia nursing")
    follow(commissioner, "text=What lies beyond a line")
    expect(commissioner.locator("main")).to_contain_text("Homes may not last at this occupancy")
    assert axe(commissioner) == []
