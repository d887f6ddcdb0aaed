"""The commands of `otherwise`: everything that a panel can do, without a window.

Each module has `add(subparsers)` and leaves a function `command(arguments) -> int` in the parsed arguments. Exit
codes: 0 done, 1 failed, 2 refused input, 130 cancelled.
"""

DONE, FAILED, REFUSED, CANCELLED = 0, 1, 2, 130
