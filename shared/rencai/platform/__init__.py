"""Settings, logging, queues and HTTP errors: what every function needs and no rule knows."""
