"""The crawl and the fuzzers: what people reach by links is asked again with everybody else's ids.

`python -m tests.fuzz` runs them at length; the tests beside it run a share of fixed seed. Nothing here
knows a page, a form or a table by name: pages are found by following links, tables by introspection.
"""
