"""What the site's settings read, set before any test is collected.

Tests that ask the database (pytest-django's ``django_db``) run on SQLite; with CARESHAPE_TEST_DATABASE=postgresql they
run on a PostgreSQL server that this process brings up and down.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from contextlib import ExitStack

from tests import once, postgres
from tests.quick import collect_seldom, without_slow_imports

_open = ExitStack()
atexit.register(_open.close)

# Nothing of this machine's user is read or written: neither their data folder nor their secret.
for name in [name for name in os.environ if name.startswith("CARESHAPE_") and not name.startswith("CARESHAPE_TEST_")]:
    if name not in ("CARESHAPE_PYTHON",):
        del os.environ[name]
_scratch = _open.enter_context(tempfile.TemporaryDirectory(prefix="careshape-tests-"))
if once.SHARED not in os.environ:  # the processes that this one starts see it, and a second pass may be given it
    os.environ[once.SHARED] = _open.enter_context(tempfile.TemporaryDirectory(prefix="careshape-tests-shared-"))
os.environ["CARESHAPE_DIR"] = os.path.join(_scratch, "data")
os.environ["CARESHAPE_SECRET_KEY"] = "for tests only: this secret keeps nothing that matters"
# The browser that pages are walked in keeps an event loop running in the tests' own thread, and Django would take every
# query of a later test for one that blocks it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
os.environ["DJANGO_SETTINGS_MODULE"] = "careshape.site.settings"
without_slow_imports()
collect_seldom()
# A Java that lives for a minute does not get back what it puts into its last optimisations: half the time of Spark.
os.environ.setdefault(
    "PYSPARK_SUBMIT_ARGS", "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell"
)
if os.environ.get("CARESHAPE_TEST_DATABASE") == "postgresql":
    os.environ["CARESHAPE_DATABASE_URL"] = _open.enter_context(postgres.server())
