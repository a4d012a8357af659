"""Places worth going to, and the catalogue they come from.

How it reads, from a request inwards:

    handler.py        the routes; what is put together when the function starts
    models.py         what the routes read and write, with every limit on a request
    recommender.py    a request becomes a search; the chosen places become an answer
      names.py          which landmark a name means, and what a misspelt one may have meant
      search.py         what is looked for, and who is near enough
      reasons.py        why a place is there, in a sentence
    ranker.py         the score of everyone, the best, and a varied choice of them
      ranking.py        its parts: weights, closeness, the best of many, variety
      earth.py          distances, and who is within some kilometres
      text_encoder.py   words to a vector
      embeddings.py     how like a vector each landmark is; quantized.py, for very many of them
      wording.py        the telling words that a description shares with a landmark
    browse.py         lists of landmarks, and one by its id

What is read from disk, and checked to belong together: bundle.py, catalogue.py.

To change the ranking: the formula is `Ranker._scoring`, what its parts weigh is in settings.py
(or, for one environment, `ranking_percent` in cdk.json). `make eval ARGS="--split tune"` tells
what a change does to the queries it may be fitted to, `make eval` whether it holds for others and
whether travellers would still agree.
"""
