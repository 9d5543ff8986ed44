"""`python -m portal.cli`: the command without its installed script."""

import sys

from portal.cli import main

sys.exit(main())
