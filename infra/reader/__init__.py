"""How the reader learns: labelled sentences, and the classifier that is made of them (``make reader``).

Nothing of it runs in a tenant: what is learned is shipped as ``infra/defaults/classifier``. It has an environment of
its own (``requirements/reader.in``), since what learns weighs two hundred megabytes and reads nothing.
"""
