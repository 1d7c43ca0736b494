"""Which routes one Lambda of the API serves, and the documentation of all of them."""
