"""What a request costs: `make bench`."""
