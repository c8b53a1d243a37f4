"""The attack contract: every way that we know of past the tenant wall, tried on every walled table.

`forms` are the attacks, as data. `world` makes the rows that are attacked, from what the tables say of
themselves. `arena` is one transaction with any choice of the wall's heights, which is always rolled back.
`contract` runs the ones against the others and judges. `orion verify-isolation` prints what came of it.
"""
