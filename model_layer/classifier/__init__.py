"""The landmark classifier: data, training, evaluation, packaging and compilation."""

from predict.torchvision_operators import declare_missing_operators

# Before any module below imports timm.
declare_missing_operators()
