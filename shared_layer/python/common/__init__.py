"""What more than one function needs. What a single function needs stays in its own folder.

Importing it begins a function's init phase, which `clients.prepare_on_lambda` ends.
"""

import gc
import os

if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
    # What is loaded stays. Looking it through for garbage, again and again as it grows, took a
    # seventh of the init phase.
    gc.disable()
