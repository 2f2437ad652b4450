"""Where the bundle's window executable begins."""

import sys

from heteroagg_gui.__main__ import main

sys.exit(main())
