"""Interview results in (A1): over HTTPS, as a file in parts, or as a kept webhook - one use case, ``ingest``."""
