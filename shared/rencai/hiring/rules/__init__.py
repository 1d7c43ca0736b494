"""Pure rules of hiring, and the ports of its vendors."""
