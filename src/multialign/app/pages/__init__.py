"""The pages: each has a `layout`, functions on data, and `register`, which ties the two together."""
