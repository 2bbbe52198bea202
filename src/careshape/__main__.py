"""``python -m careshape``: the command line."""

import sys

from careshape.cli import main

sys.exit(main())
