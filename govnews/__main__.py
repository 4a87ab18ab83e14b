"""`python -m govnews`: the command without its script."""

from govnews.cli import main

main()
