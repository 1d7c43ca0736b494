"""The vendor inbox: a webhook is verified, kept raw, answered; and what HR sees of it."""
