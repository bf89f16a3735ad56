"""The REST API under `/api/v1/`: its manners (problems, keys, ETags, tokens) and the endpoints of authoring.

Other apps add endpoints of their own to the router that `campaigns.api.routes` makes, by the same manners.
"""
