"""The nightly scan (F4): ``card`` keeps what it reads, ``start`` hands shards out, ``part`` reads and judges some."""
