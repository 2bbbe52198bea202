"""Run by the interpreter that has pytauargus, apart from careshape: one table in, its statuses out.

Its state is global to a process, so that each table has one of its own.
"""

import json
import sys
import time


def main() -> None:
    """Read {"dimensions": [...], "rows": [...], "rule": "..."} and print {"hidden": [[member, ...], ...], ...}."""
    import pytauargus

    asked = json.load(sys.stdin)
    dimensions = asked["dimensions"]
    start = time.process_time()
    done = pytauargus.protect(asked["rows"], dimensions, "number", safety_rules=asked["rule"], suppress="OPT(1)")
    seconds = time.process_time() - start
    hidden = [
        [str(row[name]).strip() for name in dimensions] for row in done.tables[0].rows if row["status"] in ("U", "M")
    ]
    print("\n" + json.dumps({"hidden": hidden, "seconds": seconds}))


if __name__ == "__main__":
    main()
