"""`python -m quanzi` is the same as `quanzi`."""

from quanzi.site.cli import main

main()
