"""Many tries at the same time, from processes of their own, get no more than the same number one after the other."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = """
import sys, time
import django
django.setup()
from django.test import RequestFactory
from careshape.accounts import tries
from careshape.accounts.models import FailedTry

request = RequestFactory().get("/", REMOTE_ADDR=sys.argv[1])
FailedTry.objects.count()

def as_we_do(email):
    return tries.begin_try(request, email).locked

def looked_first(email):
    of = tries.of_account(email)
    locked = FailedTry.objects.filter(of=of).count() >= tries.MOST
    time.sleep(0.05)  # as long as a password takes to be looked at
    if not locked:
        FailedTry.objects.create(of=of)
    return locked

for email, locked in (("one@example.org", as_we_do), ("two@example.org", looked_first)):
    print("ready", flush=True)
    sys.stdin.readline()
    print(sum(not locked(email) for _ in range(10)), flush=True)
"""


def test_fifty_tries_at_once_get_ten_and_looking_first_would_give_more(tmp_path, promise):
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("CARESHAPE_")},
        "DJANGO_SETTINGS_MODULE": "careshape.site.settings", "CARESHAPE_DIR": str(tmp_path),
        "CARESHAPE_SECRET_KEY": "for tests only: this secret keeps nothing that matters",
    }  # fmt: skip
    ready = "from careshape.site.serve import make_ready; make_ready()"
    subprocess.run([sys.executable, "-c", ready], env=environment, check=True, capture_output=True)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, f"192.0.2.{number}"],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(5)
    ]  # fmt: skip
    ours, naive = (together(started) for _ in range(2))
    for one in started:
        one.communicate(timeout=60)
    assert ours == 10
    assert naive > 10  # the control: the machine does run them at the same time
    promise("R15 lock-out", f"of 50 tries at once from 5 processes {ours} were taken; control {naive}")


def together(started: list[subprocess.Popen[str]]) -> int:
    """Let every process begin once all are ready; return how many tries they got together."""
    for one in started:
        assert one.stdout is not None
        assert one.stdout.readline().strip() == "ready"
    for one in started:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    return sum(int(one.stdout.readline()) for one in started if one.stdout is not None)
