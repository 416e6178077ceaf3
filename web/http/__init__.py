"""HTTP as all routes use it: bodies, headers, hosts, addresses, problems."""
