"""The way back, tried end to end: ``make drill``; docs/operations.md has what it printed.

A tenant with people in the middle of things is halted, restored into a second stack beside the first, and goes on
there. What the embedded stack cannot do: keep points in time. Its restore copies what there is when it is asked, so the
drill goes back to that moment, and ``tests/restore`` has what is taken out or left behind for its time.
"""
