"""The page of `web/` on this machine: built by `make web`, served by `make up`.

build.py     npm's packages and Vite, where something changed
notices.py   the licences of what the page is made of, which go along with it
site.py      which answer a path gets, with the headers that CloudFront would send
server.py    the process that gives those answers
serving.py   starts it, finds it again, stops it
"""
