"""Background work that is neither lost nor done twice, whatever dies meanwhile.

    models.py    a job: a row that is written in the transaction that asks for it
    asking.py    start, cancel and retry, for whoever has a scope
    schedules.py jobs that come again each day
    claiming.py  who works on a job: lease and fencing token
    work.py      what a job's function gets: its scope, its cursor, its chunks
    running.py   one job from the claim to its end
    waiting.py   why a job isn't being done
    queue.py     Huey, which only says that there is something to do
    worker.py    `orion worker`: Huey's consumer, and the sweeper that finds what was lost

Huey forgets what was running when a worker is killed, so the truth is in our rows: a chunk's rows and the
job's cursor are committed in one transaction, under a token that a later worker makes void.
"""
