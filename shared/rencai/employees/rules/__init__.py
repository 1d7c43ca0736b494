"""Pure rules about employees and what is told of them."""
