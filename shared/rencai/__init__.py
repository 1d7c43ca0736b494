"""Rencai (人才): everything the functions share, shipped as one layer.

Arrows point inward: ``wiring`` -> (``vendors``, ``store``, ``platform``) -> ``domain``.
"""
