"""`make load`: a day of fifty people at the local API, and then whether they were told the truth.

- `day.py`: the day, in a minute or two: when people wake, what they do at which hour, how often.
- `traveller.py`: one of them; `account_acts.py`, `photo_acts.py`, `trip_acts.py`: what they do;
  `somebody.py`, `device.py`: with a phone and a laptop, sometimes giving up waiting.
- `ledger.py`: what each was told, and what nobody can know because the answer never came.
- `witness.py`: looks at every answer on its way: its status, and whether the API declares it.
- `reconcile.py`: holds the ledgers to the table, afterwards.
- `__main__.py`: runs it, and says what was found.
"""
