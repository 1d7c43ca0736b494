"""The monthly survey (F7): ``invite`` begins it, ``letters`` writes to everybody, ``page`` takes answers, and
``results`` shows what came of it.
"""
