"""The tests; a package of this name that a distribution brings along must not stand before them."""
