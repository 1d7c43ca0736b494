"""Training plans: ``draft`` for who qualifies, ``review`` as they learn, ``due`` when time has passed, ``support`` when
HR intervenes.
"""
