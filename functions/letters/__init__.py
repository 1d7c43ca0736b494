"""Letters to people: what becomes of them once the mail service has them."""
