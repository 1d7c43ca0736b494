"""The monthly survey (F7): ``invite`` begins it, ``letters`` writes to everybody, ``page`` takes answers, ``closing``
and ``counting`` make the figures once it is over, and ``results`` shows what came of it.
"""
