"""``make soak``: hundreds of candidates while every vendor misbehaves in every way at once, and the books afterwards.
Beside them colleagues of an earlier system answer their survey, learners learn, and one night follows the other.

``people`` invents who comes and what each will do; ``driver`` plays them, HR and the learners, ``beside`` the
colleagues and the nights, until nothing moves any more; ``record`` reads what the table holds then, and ``checks``
holds it against the sandbox's ledgers, the mail and the dead letters, one to one. ``figures`` says how it went.
"""
