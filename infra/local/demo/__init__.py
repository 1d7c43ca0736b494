"""``make demo``: candidates on their way from an AI interview to the first day, on the embedded stack.

It stands outside, as a tenant would: a file into the bucket, one result through the API, then only HTTP. It also plays
the people a real tenant has: candidates who sign (one declines), and HR for the one check that needs a person.
"""
