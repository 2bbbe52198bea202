"""Folders that take their place in one step, and folders that are held."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from careshape.errors import CallError, InputError
from careshape.folders import HELD_FILE, _exchange_in_steps, beside, hold, put_in_place, sweep, unserved
from careshape.home import Home


def filled(folder, text):
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("a", "b"):
        (folder / name).write_text(text)
    return folder


def anything(folder):
    return True


def test_put_in_place_takes_an_empty_or_an_earlier_place(tmp_path):
    target = tmp_path / "site"
    put_in_place(filled(tmp_path / "one", "1"), target, anything)
    assert (target / "a").read_text() == "1"
    fresh = filled(tmp_path / "two", "2")
    put_in_place(fresh, target, anything)
    assert (target / "a").read_text() == "2"
    assert (fresh / "a").read_text() == "1", "what stood there is the caller's to remove"


def test_put_in_place_leaves_what_is_not_ours(tmp_path):
    target = filled(tmp_path / "site", "mine")
    with pytest.raises(CallError, match="holds other files"):
        put_in_place(filled(tmp_path / "one", "1"), target, lambda folder: False)
    assert (target / "a").read_text() == "mine"


def test_put_in_place_never_shows_a_mixture_or_nothing(tmp_path):
    target = filled(tmp_path / "site", "0")
    seen, done = set(), threading.Event()

    def text_of(name, folder):
        with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=folder)) as file:
            return file.read()

    def read():
        while not done.is_set():
            folder = os.open(target, os.O_RDONLY)  # fails where nothing stands there
            try:
                seen.add((text_of("a", folder), text_of("b", folder)))
            finally:
                os.close(folder)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 40):
        put_in_place(filled(tmp_path / f"fresh-{number}", str(number)), target, anything)
    done.set()
    reader.join()
    assert seen
    assert all(one == other for one, other in seen)


def test_folders_change_places_where_the_file_system_knows_no_exchange(tmp_path):
    one, other = filled(tmp_path / "one", "1"), filled(tmp_path / "other", "2")
    _exchange_in_steps(one, other)
    assert ((one / "a").read_text(), (other / "a").read_text()) == ("2", "1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other"]


def test_beside_gives_each_caller_a_folder_of_its_own_and_removes_no_other(tmp_path):
    stranger = filled(tmp_path / ".site.new", "mine")
    with beside(tmp_path / "site") as one, beside(tmp_path / "site") as other:
        assert one != other
        filled(one, "1")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".site.new"]
    assert (stranger / "a").read_text() == "mine"


WORKER = """
import sys
from pathlib import Path
from careshape.folders import beside

with beside(Path(sys.argv[1])) as fresh:
    (fresh / "half").write_text("written")
    print(fresh, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def worker():
    """Starts a process that works beside a place until it is ended; says in which folder."""
    started = []

    def start(target):
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process, Path(process.stdout.readline().strip())

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_what_a_killed_run_leaves_is_swept_and_nothing_else(worker, tmp_path):
    kept = filled(tmp_path / "demo", "mine"), filled(tmp_path / ".demo.new", "mine")
    process, left = worker(tmp_path / "demo")
    process.kill()  # SIGKILL: it cannot clean up
    process.wait()
    assert (left / "half").read_text() == "written"
    assert sweep(tmp_path) == [left]
    assert not left.exists()
    assert [(folder / "a").read_text() for folder in kept] == ["mine", "mine"]


def test_a_run_that_goes_on_is_not_swept(worker, tmp_path):
    dead, left = worker(tmp_path / "demo")
    alive, used = worker(tmp_path / "site")
    dead.kill()
    dead.wait()
    with beside(tmp_path / "demo"):
        pass
    assert sweep(tmp_path) == []
    assert left.exists()
    assert (used / "half").read_text() == "written"
    alive.communicate("")  # it ends by itself
    assert not used.exists()
    with beside(tmp_path / "demo"):  # the next to begin finds nobody at work
        assert not left.exists()


def test_opening_the_data_folder_sweeps_it(worker, tmp_path):
    process, left = worker(tmp_path / "demo")
    process.kill()
    process.wait()
    with pytest.raises(InputError, match="holds no council yet"):
        Home(tmp_path).ledger(None)
    assert not left.exists()


def test_places_cut_off_while_they_changed_are_left(tmp_path):
    fresh = filled(tmp_path / ".site.0123456789ab.new", "new")
    aside = filled(tmp_path / ".site.0123456789ab.new.old", "old")
    assert sweep(tmp_path) == []
    assert fresh.exists()
    assert aside.exists()


def test_sweeping_what_cannot_be_read_does_nothing(tmp_path):
    assert sweep(tmp_path / "nowhere") == []


def test_folder_that_a_server_holds_is_not_replaced(tmp_path):
    with unserved(tmp_path):
        pass
    script = "import sys; from pathlib import Path; from careshape.folders import hold; hold(Path(sys.argv[1]))"
    wait = f"{script}; print('held', flush=True); sys.stdin.read()"
    server = subprocess.Popen(
        [sys.executable, "-c", wait, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout.readline() == "held\n"
    with pytest.raises(CallError, match=r"A server serves .* Stop it first"), unserved(tmp_path):
        raise AssertionError("it was replaced under the server")
    server.communicate()
    with unserved(tmp_path):
        pass  # the server ended, and its hold with it


def test_several_servers_may_hold_a_folder(tmp_path):
    held = [hold(tmp_path), hold(tmp_path)]
    assert None not in held
    for descriptor in held:
        os.close(descriptor)


def test_folder_that_is_not_there_is_not_held(tmp_path):
    assert hold(tmp_path / "nowhere") is None
    assert not (tmp_path / HELD_FILE).exists()
