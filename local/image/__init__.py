"""The container image of `predict`: built, and tried through its own entry point.

`make image` builds it with whatever builder works here (`builders`), on AWS's base, or on one that
looks like it (`debian_base`) where AWS's registry is out of reach. `make image-test` starts it
(`running`) against a stand-in for Lambda's runtime API (`runtime_api`) and sends it what API
Gateway would (`trial`). See docs/image.md.
"""
