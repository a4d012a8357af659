"""The landmark classifier: data, training, evaluation, packaging and compilation."""
