"""The web: a request is a straight line from a route to one SQL function to JSON."""
