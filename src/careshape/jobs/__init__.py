"""Background work: what takes longer than a page may, done by a worker under a lease.

A room registers what it can do in a module ``background.py``:

    @kind("work.import", act="ledger.import", title="Import a file")
    def import_upload(work: Work) -> dict[str, Any]:
        work.progress(0, 3, "reading")
        ...
        return {"posting": 7}

and a verb starts it: ``enqueue(principal, "work.import", {"upload": 12}, key="upload-12")``. The contract: the function
may be killed at any moment and is then called again with the same arguments, so a second call completes the first one
and does nothing twice.
"""
