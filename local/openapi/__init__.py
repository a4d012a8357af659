"""The API's description (OpenAPI 3.1), made from the code of the functions: `make openapi`.

    functions.py    imports every handler and takes the routes that it declares
    schemas.py      pydantic models as JSON Schema (2020-12)
    requests.py     parameters and bodies
    responses.py    answers of the functions, and of the gateway in front of them
    links.py        which answer has what another operation asks for
    examples.json   an example for every body, by the name of its schema
    document.py     puts the parts together
    typed_dicts.py, typescript.py   the schemas as types, for the page and the examples of clients

The description holds what the code declares. What only a person can say (examples, links, the words
of headers) is here, and tests hold it to the rest.
"""
