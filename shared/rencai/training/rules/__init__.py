"""Pure rules of training, and the port of the learning platform."""
