"""The way back: a stack of the same tenant with the data of an earlier moment, beside the one there is or was.

What holds data is brought first, and nothing runs meanwhile: the table restored and cleaned, the secrets, the objects.
Then the whole template is deployed over it. A table that was restored has no stream; it gets one by that deployment,
which begins empty, so no event that rides on an item is told again but by us, and on purpose (resuming.py).

- plan.py: from where to where, and the file that the later commands read.
- foundation.py: the part of the template that holds data, and the restored table taken into its stack.
- table.py: the restored table, and what may not come back with it.
- secrets.py, objects.py, people.py: what else holds data.
- resuming.py: what was under way at that moment goes on.
- comparing.py: what differs from the table of before, for HR.
- halting.py: the old stack stands still.
"""
